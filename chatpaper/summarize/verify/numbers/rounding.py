"""How far the exact value may be from the number that a text states for it."""

from decimal import Decimal

from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.units import is_physical

# A number that is called approximate is off by half of its last digit, but never by more than this
# share of itself.
MAX_ROUNDING_SHARE = Decimal("0.05")
# The same of one that is called a bound: 超过 700, 近 1500.
MAX_BOUND_SHARE = Decimal("0.1")
# What has further digits that are not told, 三十多, is below the next number of so few; of a single
# one in front of zeros, 一百多, no more than this share of it is meant.
MAX_SHARE_OF_FURTHER_DIGITS = Decimal("0.4")
# A number that is not called approximate may be rounded all the same, if one in its last digit is
# no more than this share of it: 98.7 for 98.66 and 7.9 万 for 79,168, but not 90 for 89.6.
MAX_SILENT_DIGIT_SHARE = Decimal("0.03")


def is_rounded(claimed: Numeral, value: Decimal, *, is_measured: bool) -> bool:
    """Tell whether a printed value, a count or measured with decimals, may be stated so."""
    excess = value - claimed.value
    bound = measure_bound(claimed)
    if (claimed.bound == "least" and 0 < excess <= bound) or (
        claimed.bound == "most" and 0 < -excess <= bound
    ):
        return True
    return abs(excess) <= measure_rounding(claimed, is_measured=is_measured)


def measure_rounding(claimed: Numeral, *, is_measured: bool) -> Decimal:
    """Return by how much the exact value may differ from the one that is stated.

    What was counted is not rounded.
    """
    size = abs(claimed.value)
    if claimed.approximate:
        return min(claimed.digit / 2, size * MAX_ROUNDING_SHARE)
    is_count = claimed.digit == 1 and not claimed.unit.kind and not is_measured
    return (
        claimed.digit / 2
        if not is_count and claimed.digit <= size * MAX_SILENT_DIGIT_SHARE
        else Decimal(0)
    )


def measure_conversion(claimed: Numeral) -> Decimal:
    """Return by how much a value with decimals may differ from one in another unit."""
    reach = min(claimed.digit / 2, abs(claimed.value) * MAX_ROUNDING_SHARE)
    return reach if claimed.digit < 1 and is_physical(claimed.unit) else Decimal(0)


def measure_bound(claimed: Numeral) -> Decimal:
    """Return by how much the exact value may lie beyond a bound: 39 万余 is less than 40 万."""
    size = abs(claimed.value)
    if claimed.goes_on:
        return min(claimed.digit, size * MAX_SHARE_OF_FURTHER_DIGITS)
    return (
        min(claimed.digit, size * MAX_BOUND_SHARE)
        if claimed.bound and claimed.digit < size
        else Decimal(0)
    )
