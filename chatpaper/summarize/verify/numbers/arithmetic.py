"""What follows from two numbers of a paper.

That is their difference, their ratio, a change in per cent, their sum or their product.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Context, Decimal

from chatpaper.summarize.verify.numbers.calculations import EXACT, Calculation
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.units import PERCENT, POINT, TIMES

_MOST_SMALL_COUNT = 10
_DIGITS_WRITTEN = 4
_WHOLE = 100


def solve(calculation: Calculation, one: Numeral, other: Numeral) -> str:
    """Return the computation by which two numbers give the stated value, as it is written.

    It is "" where none does.
    """
    if "quotient" in calculation.operations and (
        formula := solve_quotient(calculation, one, other)
    ):
        return formula
    if not _comparable(calculation.claimed, one, other):
        return ""
    one, other = _with_one_unit(one, other)
    low, high = sorted((_measured(calculation.claimed, one), _measured(calculation.claimed, other)))
    if low == high > 0:
        return solve_sum(calculation, (one, other)) if "sum" in calculation.operations else ""
    # What is divided by a bare 1 stays as it is, with any unit.
    is_trivial = (
        low == 1 and "ratio" in calculation.operations and not (one.unit.kind and other.unit.kind)
    )
    if low <= 0 or is_trivial:
        return ""
    for value, formula in _results(_keep_measure(calculation, one, other), low, high):
        if calculation.answers(value) and not _is_met(
            calculation, value, (low, high), (one, other)
        ):
            return formula
    return ""


def _keep_measure(calculation: Calculation, *operands: Numeral) -> Calculation:
    """Return the calculation without what would give another measure: dB less dB is no per cent."""
    kinds = {each.unit.kind for each in operands} - {"", PERCENT, POINT}
    if not kinds or calculation.claimed.unit.kind not in (PERCENT, POINT, TIMES):
        return calculation
    kept = tuple(each for each in calculation.operations if each not in ("difference", "sum"))
    return calculation if kept == calculation.operations else replace(calculation, operations=kept)


def _is_met(
    calculation: Calculation,
    value: Decimal,
    operands: tuple[Decimal, Decimal],
    printed: tuple[Numeral, Numeral],
) -> bool:
    """Tell whether a result says nothing.

    It says nothing where it is as good as an operand, or is stated with decimals that the operands
    do not have. A fraction in digits says nothing where it is one of two counts that any paper has.
    """
    claimed = calculation.claimed
    if "ratio" in calculation.operations:
        is_exact = "/" in claimed.text and not claimed.approximate
        return is_exact and all(
            operand <= _MOST_SMALL_COUNT and operand % 1 == 0 for operand in operands
        )
    if calculation.answers(operands[1]):
        return True
    has_decimals = claimed.digit < 1 and "." in claimed.text
    return has_decimals and value % 1 == 0 and not all("." in each.text for each in printed)


def solve_sum(calculation: Calculation, terms: Sequence[Numeral], most_written: int = 5) -> str:
    """Return the sum of several numbers where it is the stated value, else ""."""
    total = sum((_measured(calculation.claimed, term) for term in terms), start=Decimal(0))
    kept = _keep_measure(calculation, *terms).operations
    adds = "sum" in kept or "total" in kept
    if not adds or len(terms) < 2 or not calculation.answers(total):
        return ""
    if len(terms) > most_written:
        return f"{len(terms)} values add up to {_plain(total)}"
    written = " + ".join(_plain(_measured(calculation.claimed, term)) for term in terms)
    return f"{written} = {_plain(total)}"


def solve_complement(calculation: Calculation, part: Numeral) -> str:
    """Return what a part leaves of the whole: 40.5 % fewer where 59.5 % are needed."""
    value = 100 - part.value
    if (
        "complement" in calculation.operations
        and part.unit.kind == PERCENT
        and calculation.answers(value)
    ):
        return f"100 - {_plain(part.value)} = {_plain(value)}"
    return ""


def solve_factor(calculation: Calculation, factor: Numeral) -> str:
    """Return the change in per cent that a factor with decimals makes: times 1.155 is 15.5 % more.

    It is "" where it makes another one.
    """
    if factor.unit.kind not in ("", TIMES) or "." not in factor.text:
        return ""
    change = (factor.value - 1) * 100
    if not 0 < abs(change) < 100 or not calculation.answers(abs(change)):
        return ""
    if ("rise" if change > 0 else "fall") not in calculation.operations:
        return ""
    return f"{_plain(factor.value)} - 1 = {_rounded(change)}%"


def solve_product(calculation: Calculation, count: Numeral, each: Numeral) -> str:
    """Return the product by which so many of something make the stated value together.

    Eight cards of 48 GB make 384 GB. It is "" where the product is another value.
    """
    if (
        "sum" not in calculation.operations
        or count.unit.kind
        or count.value < 2
        or each.unit.kind == ""
    ):
        return ""
    if (
        not _is_whole(count)
        or each.unit.kind != calculation.claimed.unit.kind
        or each.unit.kind in (PERCENT, POINT, TIMES)
    ):
        return ""
    return _multiply(calculation, (count.value, _measured(calculation.claimed, each)))


def solve_repetition(calculation: Calculation, counts: Sequence[Numeral]) -> str:
    """Return the product of so many things that have so many parts each, where it is stated.

    26 frames of 40 values each make 1040. It is "" where the product is another value.
    """
    kinds = {each.unit.kind for each in (*counts, calculation.claimed)}
    is_whole = all(each.value >= 2 and _is_whole(each) for each in counts)
    if kinds != {""} or not is_whole:
        return ""
    return _multiply(calculation, [each.value for each in counts])


def solve_part(calculation: Calculation, whole: Numeral, share: Numeral) -> str:
    """Compute what a share makes of so many, a fifth of a hundred: 0.2 or 20 % of 100 are 20.

    It is "" where it makes another value.
    """
    is_count = all(not each.unit.kind and _is_whole(each) for each in (whole, calculation.claimed))
    part = measure_share(share)
    if not is_count or share.unit.kind not in ("", PERCENT) or not 0 < part < 1:
        return ""
    return _multiply(calculation, (whole.value, part))


def measure_share(share: Numeral) -> Decimal:
    """Return the part of one that a share is: 0.46 of 46 %, and of 0.46."""
    return share.value / 100 if share.unit.kind == PERCENT else share.value


def _multiply(calculation: Calculation, factors: Sequence[Decimal]) -> str:
    """Return the product as it is written where it is the stated value, else ""."""
    product = math.prod(factors, start=Decimal(1))
    written = " × ".join(map(_plain, factors))
    return f"{written} = {_plain(product)}" if calculation.answers(product) else ""


def solve_quotient(calculation: Calculation, one: Numeral, other: Numeral) -> str:
    """Compute what two numbers of different measures give, so many frames at so many a second.

    It is "" where they do not give the stated value.
    """
    low, high = sorted((one.value * one.unit.factor, other.value * other.unit.factor))
    # 6,400 pictures at 950 a day are days, whatever a day is.
    factor = calculation.claimed.unit.factor if one.unit.kind or other.unit.kind else Decimal(1)
    value = calculation.claimed.value * factor
    # So many a second in less than a second are less.
    is_rate = one.unit.kind != other.unit.kind and low > 0
    if low == 1 or (low < 1 and not is_rate) or value in (low, high):
        return ""
    reach = max(value * EXACT, calculation.high * factor - value)
    if abs(high / low - value) <= reach:
        return f"{_plain(high)} / {_plain(low)} = {_rounded(high / low)}"
    return (
        f"{_plain(high)} × {_plain(low)} = {_plain(high * low)}"
        if abs(high * low - value) <= reach
        else ""
    )


def _results(
    calculation: Calculation, low: Decimal, high: Decimal
) -> Iterator[tuple[Decimal, str]]:
    """Return what the operations give, each with the computation as it is written."""
    small, large = _plain(low), _plain(high)
    operations = calculation.operations
    # Levels in per cent are no larger than all: 2110 and 2057 are not 53 % apart.
    is_level = calculation.claimed.unit.kind != PERCENT or high <= _WHOLE
    if "difference" in operations and is_level:
        formula = f"{large} - {small} = {_plain(high - low)}"
        yield high - low, formula
        if calculation.claimed.unit.kind in (PERCENT, POINT) and high <= 1:
            yield (high - low) * 100, formula
    if "rise" in operations:
        yield (
            (high - low) / low * 100,
            f"({large} - {small}) / {small} = {_rounded((high - low) / low * 100)}%",
        )
    if "fall" in operations:
        yield (
            (high - low) / high * 100,
            f"({large} - {small}) / {large} = {_rounded((high - low) / high * 100)}%",
        )
    # A hundredth of 0.01 has its digits, and is no part of a hundred things.
    if "share" in operations and not (high == 100 and low < 1):
        yield low / high * 100, f"{small} / {large} = {_rounded(low / high * 100)}%"
    if "ratio" in operations:
        yield _divide(calculation.claimed, low, high)
    if "excess" in operations:
        yield high / low - 1, f"({large} - {small}) / {small} = {_rounded(high / low - 1)}"
    if "sum" in operations:
        yield low + high, f"{large} + {small} = {_plain(low + high)}"


def _divide(claimed: Numeral, low: Decimal, high: Decimal) -> tuple[Decimal, str]:
    """Return the ratio that is stated, with the computation.

    It is a fraction, also of hundred or thousand parts (千分之一), or a multiple.
    """
    share = low / high
    written = f"{_plain(low)} / {_plain(high)} = {_rounded(share)}"
    if claimed.unit.kind == PERCENT:
        return share * 100, written
    if claimed.value <= 1:
        return share, written
    return high / low, f"{_plain(high)} / {_plain(low)} = {_rounded(high / low)}"


def _comparable(claimed: Numeral, one: Numeral, other: Numeral) -> bool:
    """Tell whether two numbers measure the same, so that the stated one may be computed from them.

    A difference of them has to measure what the stated one does.
    """
    kinds = {one.unit.kind, other.unit.kind} - {""}
    if kinds and not claimed.unit.kind and _is_counter(claimed.noun):
        return False
    if kinds <= {PERCENT, POINT}:
        return not kinds or claimed.unit.kind in ("", PERCENT, POINT, TIMES)
    if len(kinds) > 1:
        return False
    return claimed.unit.kind in (PERCENT, TIMES, *kinds) or not claimed.unit.kind


def _with_one_unit(one: Numeral, other: Numeral) -> tuple[Numeral, Numeral]:
    """Return two numbers in one unit where a list gives it behind the last: 0.74 and 5.86 mV."""
    unit = one.unit if one.unit.kind else other.unit
    if (one.unit.kind and other.unit.kind) or unit.kind in (PERCENT, POINT, TIMES):
        return one, other
    first, second = (
        each if each.unit == unit else replace(each, unit=unit) for each in (one, other)
    )
    return first, second


def _is_whole(numeral: Numeral) -> bool:
    return numeral.value == numeral.value.to_integral_value()


def _is_counter(noun: str) -> bool:
    """Tell whether a Chinese measure word stands behind a number: 63 个."""
    return bool(noun) and not noun.isascii()


def _measured(claimed: Numeral, operand: Numeral) -> Decimal:
    """Convert the operand to the unit of the stated value.

    Where that value is a share, the operand is converted to base units.
    """
    if claimed.unit.kind in ("", operand.unit.kind):
        factor = claimed.unit.factor if claimed.unit.kind else Decimal(1)
        return operand.value * (operand.unit.factor / factor if claimed.unit.kind else 1)
    return operand.value * operand.unit.factor


def _rounded(value: Decimal) -> str:
    return _plain(Context(prec=_DIGITS_WRITTEN).plus(value))


def _plain(value: Decimal) -> str:
    normal = value.normalize()
    return f"{normal:f}" if -8 < normal.adjusted() < 15 else f"{normal:e}"
