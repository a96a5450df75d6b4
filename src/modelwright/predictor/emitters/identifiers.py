"""Names of columns as names in a program."""

import re
import unicodedata
from collections.abc import Collection, Sequence

_LONGEST = 60


def identifiers(names: Sequence[str], *, reserved: Collection[str]) -> list[str]:
    """Return a name that a program may use for each name, none twice.

    Letters beyond ASCII lose their marks or become underscores, as does anything else; a digit does
    not come first.

    Parameters
    ----------
    names
        Any texts.
    reserved
        Words that the language, or the code around, has for itself.

    Examples
    --------
    >>> identifiers(["Größe (m²)", "2nd", "class", "a b", "a-b", "日本"], reserved={"class"})
    ['Gro_e_m2', 'column_2nd', 'class_', 'a_b', 'a_b_2', 'column']
    """
    taken = set(reserved)
    found = []
    for name in names:
        plain = _plain(name)
        unique, number = plain, 2
        if unique in reserved:
            unique = plain = f"{plain}_"
        while unique in taken:
            unique, number = f"{plain.rstrip('_')}_{number}", number + 1
        taken.add(unique)
        found.append(unique)
    return found


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name)
    ascii_only = "".join(each for each in letters if not unicodedata.combining(each))
    plain = re.sub(r"[^A-Za-z0-9]+", "_", ascii_only).strip("_")[:_LONGEST] or "column"
    return f"column_{plain}" if plain[0].isdigit() else plain


def is_sound(text: str) -> bool:
    """Say whether a text can be written in UTF-8: half of a pair of surrogates cannot.

    Examples
    --------
    >>> is_sound("é"), is_sound(chr(0xD800))
    (True, False)
    """
    return not any("\ud800" <= each <= "\udfff" for each in text)
