"""How old something may become, as a person writes it."""

from datetime import timedelta

from modelwright.errors import InputError

_DAYS = {"d": 1.0, "h": 1 / 24, "w": 7.0}


def parse_age(text: str) -> timedelta:
    """Return how old an answer may become, as a person writes it.

    Raises
    ------
    InputError
        When it is no age.

    Examples
    --------
    >>> parse_age("90d"), parse_age("12h")
    (datetime.timedelta(days=90), datetime.timedelta(seconds=43200))
    """
    number, days = text[:-1], _DAYS.get(text[-1:])
    if days is None or not number.isdecimal() or not 0 < int(number) < 100_000:
        raise InputError(f"{text!r:.40} is no age.", "Write it like 90d, 12h or 8w.")
    return timedelta(days=int(number) * days)
