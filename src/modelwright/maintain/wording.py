"""Shares and numbers as people read them; a value that few rows have is nobody's to tell."""

FEWEST_NAMED = 10
"""Rows that share a value before a sentence names it: sentences outlive the rows they are about."""


def percent(share: float) -> str:
    """Write a fraction as a percentage.

    Examples
    --------
    >>> percent(0.384), percent(0.004), percent(0.0), percent(0.9999)
    ('38 %', '0.4 %', '0 %', '99.99 %')
    """
    hundredths = 100 * share
    distance = min(hundredths, 100 - hundredths)
    if distance <= 0:
        return f"{hundredths:.0f} %"
    places = 0 if distance >= 1.5 else 1 if distance >= 0.05 else 2
    return f"{hundredths:.{places}f} %"


def too_few(rows: int) -> str:
    """Say that rows are too few.

    Examples
    --------
    >>> too_few(1), too_few(40)
    ('1 row is too few', '40 rows are too few')
    """
    return f"{rows:,} {'row is' if rows == 1 else 'rows are'} too few"
