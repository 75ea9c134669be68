"""Numbers as people write them, in the languages of the page.

>>> format_amount(32_100, "en"), format_amount(32_100, "zh")
('32k', '3.2 万')
"""

from collections.abc import Sequence

# Below this, people read a number digit by digit in both languages.
_LARGE = 10_000
# From the largest on: what a unit stands for, and how it is written after the number.
_UNITS: dict[str, Sequence[tuple[int, str]]] = {
    "en": ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "k")),
    "zh": ((100_000_000, " 亿"), (10_000, " 万")),
}
# Of a unit fewer than this one decimal is told.
_WITH_DECIMAL = {"en": 10, "zh": 100}
# Digits of a sum below one dollar that tell anything.
_MONEY_DIGITS = 2
_MINUTE, _HOUR = 60, 3600


def format_count(number: int) -> str:
    """Write a number in full, with a comma between thousands.

    >>> format_count(1234567)
    '1,234,567'
    """
    return f"{number:,}"


def format_amount(number: int, language: str) -> str:
    """Write a number of which only the magnitude matters.

    >>> format_amount(2921, "en"), format_amount(1_234_567, "zh")
    ('2,921', '123 万')
    """
    if number < _LARGE:
        return format_count(number)
    for unit, sign in _UNITS[language]:
        # Rounding must not give "1,000k" or "10,000 万".
        if number >= unit * 0.9995:
            return f"{_round_amount(number / unit, _WITH_DECIMAL[language])}{sign}"
    return format_count(number)


def _round_amount(number: float, with_decimal: int) -> str:
    if round(number, 1) >= with_decimal:
        return f"{number:,.0f}"
    return f"{number:.1f}".removesuffix(".0")


def format_money(usd: float, language: str) -> str:
    """Write a sum of US dollars: cents of a dollar and more, two digits that matter of less.

    >>> format_money(0.003_149, "en"), format_money(1234.5, "zh")
    ('$0.0031', '1,234.50 美元')
    """
    if usd == 0:
        text = "0"
    elif usd >= 1:
        text = f"{usd:,.2f}"
    else:
        # At least two decimals: nobody writes 0.5 dollars.
        decimals = max(2, _MONEY_DIGITS - 1 - int(f"{usd:e}".partition("e")[2]))
        text = f"{usd:.{decimals}f}"
    return f"{text} 美元" if language == "zh" else f"${text}"


def format_duration(seconds: float, language: str) -> str:
    """Write a duration by its two largest units.

    >>> format_duration(125, "en"), format_duration(125, "zh")
    ('2 min 5 s', '2 分 5 秒')
    """
    hour, minute, second = ("小时", "分", "秒") if language == "zh" else ("h", "min", "s")
    whole = round(seconds)
    if whole < 1:
        return "不到 1 秒" if language == "zh" else "less than 1 s"
    if whole < _HOUR:
        parts = ((whole // _MINUTE, minute), (whole % _MINUTE, second))
    else:
        minutes = round(seconds / _MINUTE)
        parts = ((minutes // _MINUTE, hour), (minutes % _MINUTE, minute))
    return " ".join(f"{number:,} {unit}" for number, unit in parts if number)
