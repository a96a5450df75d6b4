"""Values that notebooks show as HTML: who can tell of them stands further up, and comes here."""

from collections.abc import Callable

_TELLERS: list[Callable[[object], str]] = []


def told_by(tell: Callable[[object], str]) -> None:
    """Name who tells of values from now on.

    Parameters
    ----------
    tell
        Returns a value as HTML.
    """
    _TELLERS[:] = [tell]


def html_of(value: object) -> str:
    """Return a value as HTML for a notebook.

    Parameters
    ----------
    value
        A document, a program or a model.

    Examples
    --------
    >>> from modelwright.predictor.program import Input
    >>> html_of(Input(name="size", type="number"))
    Traceback (most recent call last):
    ...
    TypeError: A notebook shows documents, programs and models, not Input.
    """
    (tell,) = _TELLERS
    return tell(value)
