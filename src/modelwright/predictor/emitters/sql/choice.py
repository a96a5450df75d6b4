"""Choosing an expression by where a number or a text stands among others, in few comparisons."""

from collections.abc import Sequence

_FEW = 4


def by_place(value: str, bounds: Sequence[str], chosen: Sequence[str]) -> str:
    """Return the expression that halves a list until it is found where a value stands.

    Parameters
    ----------
    value
        The column that is looked at; where it is NULL, the last expression is chosen.
    bounds
        Rising literals.
    chosen
        One expression more than there are bounds: for below the first, from there to below the
        second, and so on.

    Examples
    --------
    >>> by_place("c1", ["2", "5"], ["a", "b", "c"])
    'CASE WHEN c1 < 2 THEN a WHEN c1 < 5 THEN b ELSE c END'
    >>> by_place("c1", [], ["a"])
    'a'
    """
    if not bounds:
        return chosen[0]
    if len(bounds) <= _FEW:
        tests = (
            f" WHEN {value} < {bound} THEN {each}"
            for bound, each in zip(bounds, chosen[:-1], strict=True)
        )
        return f"CASE{''.join(tests)} ELSE {chosen[-1]} END"
    middle = len(bounds) // 2
    left = by_place(value, bounds[:middle], chosen[: middle + 1])
    right = by_place(value, bounds[middle + 1 :], chosen[middle + 1 :])
    return f"CASE WHEN {value} < {bounds[middle]} THEN {left} ELSE {right} END"


def merged(bounds: Sequence[str], chosen: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return bounds and expressions without bounds between equal expressions.

    Examples
    --------
    >>> merged(["1", "2", "3"], ["a", "a", "b", "b"])
    (['2'], ['a', 'b'])
    """
    kept = [place for place in range(len(bounds)) if chosen[place] != chosen[place + 1]]
    return [bounds[place] for place in kept], [*(chosen[place] for place in kept), chosen[-1]]


def by_text(value: str, found: Sequence[tuple[str, str]], otherwise: str, few: int = 12) -> str:
    """Return the expression that finds a text among many.

    Parameters
    ----------
    value
        The column that is looked at.
    found
        Literals of texts in the order of their bytes, each with what is chosen.
    otherwise
        What is chosen for any other text.
    few
        So many texts are tried one after another.

    Examples
    --------
    >>> by_text("c1", [("'a'", "3"), ("'b'", "4")], "1")
    "CASE c1 WHEN 'a' THEN 3 WHEN 'b' THEN 4 ELSE 1 END"
    """
    if not found:
        return otherwise
    if len(found) <= few:
        tests = "".join(f" WHEN {text} THEN {each}" for text, each in found)
        return f"CASE {value}{tests} ELSE {otherwise} END"
    middle = len(found) // 2
    left = by_text(value, found[:middle], otherwise, few)
    right = by_text(value, found[middle:], otherwise, few)
    return f"CASE WHEN {value} < {found[middle][0]} THEN {left} ELSE {right} END"
