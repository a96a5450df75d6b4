"""A name that no column has: where rows are counted beside columns of any names."""

from collections.abc import Iterable


def free_name(names: Iterable[str], *, after: str = "rows") -> str:
    """Return a name that is none of the names.

    Parameters
    ----------
    names
        Of the columns.
    after
        What it ends with: names after two different ones differ.

    Examples
    --------
    >>> free_name(["len", "count"]), free_name([], after="len")
    ('lencount rows', ' len')
    """
    return f"{''.join(names)} {after}"
