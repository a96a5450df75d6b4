"""Versions for registries of packages: they rise with the bundles of a model."""

from datetime import datetime

_UNDATED = "1.0.0"


def version_of(made_at: str) -> str:
    """Return the day on which a bundle was made, and the second of it.

    Examples
    --------
    >>> version_of("2026-11-30T14:17:40+00:00")
    '2026.11.30.51460'
    """
    return _dated("{at.year}.{at.month}.{at.day}.{second}", made_at)


def semantic_version_of(made_at: str) -> str:
    """Return the same in three numbers, as npm wants them.

    Examples
    --------
    >>> semantic_version_of("2026-11-03T14:17:40+00:00")
    '2026.1103.51460'
    """
    return _dated("{at.year}.{at.month}{at.day:02}.{second}", made_at)


def _dated(form: str, made_at: str) -> str:
    if not made_at:
        return _UNDATED
    at = datetime.fromisoformat(made_at)
    return form.format(at=at, second=(at.hour * 60 + at.minute) * 60 + at.second)
