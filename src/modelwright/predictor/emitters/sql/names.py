"""Names of columns in a table, as a database takes them."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

_SIMPLE = re.compile(r"[a-z_][a-z0-9_]*")


@dataclass(frozen=True)
class NameRules:
    """What a database asks of a column's name.

    Parameters
    ----------
    quote
        What stands around a name.
    longest
        How many units of `measure` a name may have; None for any number.
    measure
        Counts the units of a name.
    folded
        Two names for which it gives the same are one.
    allowed
        Makes a name of characters that the database takes.
    """

    quote: str = '"'
    longest: int | None = None
    measure: Callable[[str], int] = len
    folded: Callable[[str], str] = str
    allowed: Callable[[str], str] = str

    def quoted(self, name: str) -> str:
        """Return a name as it stands in a statement, whatever it is.

        Examples
        --------
        >>> NameRules().quoted('5" disk; drop')
        '"5"" disk; drop"'
        """
        return self.quote + name.replace(self.quote, self.quote * 2) + self.quote

    def shown(self, name: str) -> str:
        """Return a name that is no word of SQL, in quotes where it needs them."""
        return name if _SIMPLE.fullmatch(name) else self.quoted(name)


def column_names(names: Sequence[str], rules: NameRules, *, taken: Collection[str]) -> list[str]:
    """Return the name of each column in the table: its own, where the database has it.

    Parameters
    ----------
    names
        Of the columns, as the model calls them.
    rules
        Of the database.
    taken
        Names of other columns.

    Examples
    --------
    >>> rules = NameRules(longest=8, folded=str.lower)
    >>> column_names(["Age", "age", "a very long name", "row_key"], rules, taken={"row_key"})
    ['Age', 'age_2', 'a very l', 'row_ke_2']
    """
    met = {rules.folded(name) for name in taken}
    found = []
    for name in names:
        plain = rules.allowed(name.replace("\0", "")) or "column"
        unique, number = _cut(plain, "", rules), 2
        while rules.folded(unique) in met:
            unique, number = _cut(plain, f"_{number}", rules), number + 1
        met.add(rules.folded(unique))
        found.append(unique)
    return found


def _cut(name: str, end: str, rules: NameRules) -> str:
    while rules.longest is not None and rules.measure(name + end) > rules.longest:
        name = name[:-1]
    return rules.allowed(name) + end
