"""What follows from two numbers of a paper.

That is their difference, their ratio, a change in per cent, their sum or their product.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Context, Decimal

from chatpaper.summarize.verify.numbers.calculations import EXACT, Calculation, Operation
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.units import PERCENT, POINT, TIMES

_MOST_SMALL_COUNT = 10
_DIGITS_WRITTEN = 4
_WHOLE = 100
COMPARISONS: tuple[Operation, ...] = ("difference", "rise", "fall", "share", "ratio", "excess")
_RESULTS: dict[Operation, Callable[[Decimal, Decimal], Decimal]] = {
    "difference": lambda low, high: high - low,
    "rise": lambda low, high: (high - low) / low * _WHOLE,
    "fall": lambda low, high: (high - low) / high * _WHOLE,
    "share": lambda low, high: low / high * _WHOLE,
    "fraction": lambda low, high: low / high,
    "ratio": lambda low, high: high / low,
    "excess": lambda low, high: high / low - 1,
    "sum": lambda low, high: low + high,
}


def solve(calculation: Calculation, one: Numeral, other: Numeral) -> str:
    """Return the computation by which two numbers give the stated value, as it is written.

    It is "" where none does. A number below zero is far from one above by both of their values.
    """
    if "quotient" in calculation.operations and (
        formula := solve_quotient(calculation, one, other)
    ):
        return formula
    for operation, low, high, value in _list_results(calculation, one, other):
        if calculation.answers(value):
            return _write(operation, low, high, value)
    return ""


def compute_values(calculation: Calculation, one: Numeral, other: Numeral) -> tuple[Decimal, ...]:
    """Return what the operations of a calculation give for two numbers, whatever is stated.

    There is nothing where they do not measure the same, or where what they give says nothing.
    """
    return tuple(value for *_, value in _list_results(calculation, one, other))


def _list_results(
    calculation: Calculation, one: Numeral, other: Numeral
) -> Iterator[tuple[Operation, Decimal, Decimal, Decimal]]:
    """List the operations whose results say something, each with both numbers and its result.

    The lower number comes first.
    """
    measured = _measure_pair(calculation, one, other)
    if measured is None:
        return
    kept, low, high = measured
    for operation, value in _apply(kept, low, high):
        if not _is_met(kept, value, (low, high), (one, other)):
            yield operation, low, high, value


def _measure_pair(
    calculation: Calculation, one: Numeral, other: Numeral
) -> tuple[Calculation, Decimal, Decimal] | None:
    """Return the calculation as it applies to two numbers, and these in the unit of its value.

    The lower number comes first. Returns None where the two do not measure the same.
    """
    if not _comparable(calculation.claimed, one, other):
        return None
    one, other = _with_one_unit(one, other)
    low, high = sorted((_measured(calculation.claimed, one), _measured(calculation.claimed, other)))
    if high < 0:
        low, high = -high, -low
    kept = _keep_measure(calculation, one, other)
    if low < 0 < high:
        return keep_operations(kept, "difference"), low, high
    if low == high:
        kept = keep_operations(kept, "sum")
    # What is divided by a bare 1 stays as it is, with any unit.
    is_trivial = low == 1 and "ratio" in kept.operations and not (one.unit.kind and other.unit.kind)
    return None if low <= 0 or is_trivial else (kept, low, high)


def keep_operations(calculation: Calculation, *kept: Operation) -> Calculation:
    """Return a calculation with none but these of its operations."""
    operations = tuple(each for each in calculation.operations if each in kept)
    return replace(calculation, operations=operations)


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
            operand <= _MOST_SMALL_COUNT and _is_whole(operand) for operand in operands
        )
    if calculation.answers(operands[1]):
        return True
    has_decimals = claimed.digit < 1 and "." in claimed.text
    return has_decimals and _is_whole(value) and not all("." in each.text for each in printed)


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
        not _is_whole(count.value)
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
    is_whole = all(each.value >= 2 and _is_whole(each.value) for each in counts)
    if kinds != {""} or not is_whole:
        return ""
    return _multiply(calculation, [each.value for each in counts])


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


def _apply(
    calculation: Calculation, low: Decimal, high: Decimal
) -> Iterator[tuple[Operation, Decimal]]:
    """Return what the operations give; a ratio is a share, a fraction or a multiple, as stated."""
    claimed = calculation.claimed
    for operation in calculation.operations:
        # Levels in per cent are no larger than all: 2110 and 2057 are not 53 % apart.
        if operation == "difference" and claimed.unit.kind == PERCENT and high > _WHOLE:
            continue
        # A hundredth of 0.01 has its digits, and is no part of a hundred things.
        if operation == "share" and high == _WHOLE and low < 1:
            continue
        if operation == "ratio" and claimed.unit.kind == PERCENT:
            yield "share", _RESULTS["share"](low, high)
        elif operation == "ratio" and claimed.value <= 1:
            yield "fraction", _RESULTS["fraction"](low, high)
        elif operation in _RESULTS:
            yield operation, _RESULTS[operation](low, high)
        if operation == "difference" and claimed.unit.kind in (PERCENT, POINT) and high <= 1:
            yield operation, (high - low) * _WHOLE


def _write(operation: Operation, low: Decimal, high: Decimal, value: Decimal) -> str:
    small, large = _plain(low), _plain(high)
    less = f"({small})" if low < 0 else small
    written = {
        "difference": f"{large} - {less} = {_plain(high - low)}",
        "rise": f"({large} - {small}) / {small} = {_rounded(value)}%",
        "fall": f"({large} - {small}) / {large} = {_rounded(value)}%",
        "share": f"{small} / {large} = {_rounded(value)}%",
        "fraction": f"{small} / {large} = {_rounded(value)}",
        "ratio": f"{large} / {small} = {_rounded(value)}",
        "excess": f"({large} - {small}) / {small} = {_rounded(value)}",
        "sum": f"{large} + {small} = {_plain(value)}",
    }
    return written[operation]


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


def _is_whole(value: Decimal) -> bool:
    return value == value.to_integral_value()


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
