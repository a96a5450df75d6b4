"""What columns are called: which of two tables mean the same by their names."""

import re

_PARTS_OF_DATES = {"year", "month", "day", "hour", "minute", "week", "weekday", "quarter", "date"}


def same_name(ours: str, theirs: str, table: str) -> bool:
    """Say whether two columns have the same name, or one is the id of the table named.

    Examples
    --------
    >>> same_name("CustomerID", "customer_id", "orders"), same_name("plane_id", "id", "planes")
    (True, True)
    >>> same_name("id", "id", "orders"), same_name("Straße", "Größe", "orders")
    (True, False)
    """
    our, their, name = _plain(ours), _plain(theirs), _plain(table)
    if our == their:
        return True
    singular = name.removesuffix("s")
    return their in ("id", "key", "code", "no") and our in (
        singular,
        *(f"{each}{their}" for each in (name, singular)),
    )


def heading_of(table: str) -> str:
    """Return the heading in `modelwright.toml` below which a related table is described.

    Examples
    --------
    >>> heading_of("orders"), heading_of("call log")
    ('[related.orders]', '[related."call log"]')
    """
    said = table.replace("\\", "\\\\").replace('"', '\\"')
    return f"[related.{table}]" if re.fullmatch(r"[A-Za-z0-9_-]+", table) else f'[related."{said}"]'


def is_part_of_date(name: str) -> bool:
    """Say whether a column is called like a part of a date, which alone joins nothing.

    Examples
    --------
    >>> is_part_of_date("Month"), is_part_of_date("month_id")
    (True, False)
    """
    return _plain(name) in _PARTS_OF_DATES


def _plain(name: str) -> str:
    # A name in which no sign is a letter of any script is only equal to itself.
    return re.sub(r"[\W_]+", "", name.casefold()) or name
