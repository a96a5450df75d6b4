"""Columns that name people, or say how to reach them.

Values are looked at before names: a mail address is one whatever its column is called. Marks of
values are strict (check digits of cards and accounts are computed), because a table in which
everything is called personal warns of nothing.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl

from modelwright.data.schema import Role
from modelwright.documents import Risk
from modelwright.explore.problems.base import SHOWN, Subject

_MOST_VALUES = 1_000
_MOST = 0.5
"""The share of values that must look alike."""
_MAIL = re.compile(r"[^\s@,;]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?:\+|00)\d[\d\s()./-]{6,18}\d|\(?0\d{1,5}\)?[\s./-][\d\s/-]{4,12}\d")
_US_PHONE = re.compile(r"\(?[2-9]\d{2}\)?[\s.-][2-9]\d{2}[\s.-]\d{4}")
_IP = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_CARD = re.compile(r"[3-6]\d{12,18}")
_TITLED = re.compile(r"(?:.*, )?(?:Mr|Mrs|Ms|Miss|Dr|Herr|Frau|Mme|Sr|Sra)\.? \w.*")

_NAMES = {
    "names of people": (
        "first name|last name|full name|family name|given name|middle name|surname|forename|"
        "firstname|lastname|fullname|maiden name|patient name|customer name|employee name|"
        "vorname|nachname|nom|prenom|apellido|host name"
    ),
    "birth dates": (
        "birth date|date of birth|birthdate|birthday|dob|geburtsdatum|date naissance|birth day"
    ),
    "postal addresses": "street|street address|home address|postal address|address line|strasse",
    "phone numbers": "phone|telephone|mobile|cell phone|phone number|telefon",
    "mail addresses": "email|e mail|mail|mail address|email address",
    "identity numbers": (
        "ssn|social security number|passport|passport number|national id|tax id|iban|"
        "credit card number|card number|driver license"
    ),
}
_WORDS = {
    what: frozenset(tuple(words.split()) for words in names.split("|"))
    for what, names in _NAMES.items()
}


@dataclass(frozen=True)
class _Mark:
    """What values of a kind look like."""

    what: str
    matches: Callable[[str], bool]


_MARKS = (
    _Mark("mail addresses", lambda value: _MAIL.fullmatch(value) is not None),
    _Mark("network addresses", lambda value: _IP.fullmatch(value) is not None),
    _Mark("account numbers", lambda value: _is_account(value)),
    _Mark("card numbers", lambda value: _is_card(value)),
    _Mark(
        "phone numbers",
        lambda value: _PHONE.fullmatch(value) is not None or _US_PHONE.fullmatch(value) is not None,
    ),
    _Mark("names of people", lambda value: _TITLED.fullmatch(value) is not None),
)


def find_personal(subject: Subject) -> Iterator[Risk]:
    """Tell the columns that hold data of persons; ids, and columns left out, are looked at too."""
    found: dict[str, list[str]] = {}
    for column in subject.schema:
        if column.role == Role.TARGET:
            continue
        what = personal_kind(subject.training[column.name])
        if what is not None:
            found.setdefault(what, []).append(column.name)
    if not found:
        return
    names = tuple(name for columns in found.values() for name in columns)
    used = {column.name for column in subject.schema.features} & set(names)
    told = "; ".join(f"{what} in {_listed(columns)}" for what, columns in found.items())
    use = (
        f"The model would read {_listed(sorted(used))}: exclude what it may not know."
        if used
        else "The model does not read them, but the table holds them."
    )
    yield Risk(
        name="personal data",
        sentence=f"The table seems to hold {told}. {use}",
        columns=names,
        severity="warning" if used else "note",
    )


def personal_kind(series: pl.Series) -> str | None:
    """Return what data of persons a column seems to hold, or None.

    Examples
    --------
    >>> personal_kind(pl.Series("contact", ["ann@example.org", "bo@example.net"]))
    'mail addresses'
    >>> first = ["Ann", "Bo", "Cy", "Di", "Ed", "Flo", "Gil", "Hal", "Ira"]
    >>> personal_kind(pl.Series("first_name", first))
    'names of people'
    >>> personal_kind(pl.Series("weight", [70.5, 81.0]))
    """
    by_value = _by_values(series)
    return by_value or _by_name(series)


def _by_values(series: pl.Series) -> str | None:
    if series.dtype not in (pl.String, pl.Int64, pl.Float64):
        return None
    values = series.drop_nulls().head(_MOST_VALUES)
    if series.dtype != pl.String:
        # Only numbers of cards are whole numbers so large.
        values = (
            values.filter(values >= 1e12).cast(pl.Int64, strict=False).cast(pl.String).drop_nulls()
        )
    texts = Counter(values.str.strip_chars().to_list())
    for mark in _MARKS if texts else ():
        marked = sum(count for text, count in texts.items() if mark.matches(text))
        if marked > _MOST * max(len(values), _of(series)):
            return mark.what
    return None


def _of(series: pl.Series) -> int:
    return min(_MOST_VALUES, len(series) - series.null_count())


def _by_name(series: pl.Series) -> str | None:
    words = words_of(series.name)
    for what, names in _WORDS.items():
        if any(_holds(words, name) for name in names) and _may_be(what, series):
            return what
    return None


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a column name, in small letters.

    Examples
    --------
    >>> words_of("customerFirst_name")
    ('customer', 'first', 'name')
    """
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return tuple(re.split(r"[\W_]+", parted.casefold().strip("_ ")))


def _holds(words: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """Return whether a name ends the words: a phone service is no phone, a work phone is one."""
    return words[-len(name) :] == name


def _may_be(what: str, series: pl.Series) -> bool:
    """Return whether a column's values can be what its name says: a flag is none of it."""
    distinct = series.n_unique()
    if what == "birth dates":
        return series.dtype.is_temporal() or distinct > SHOWN
    if what in ("names of people", "postal addresses", "mail addresses"):
        return series.dtype == pl.String and distinct > SHOWN
    return distinct > SHOWN


def _is_card(value: str) -> bool:
    digits = re.sub(r"[ -]", "", value)
    if not _CARD.fullmatch(digits):
        return False
    doubled = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits))]
    return sum(n - 9 * (n > 9) for n in doubled) % 10 == 0


def _is_account(value: str) -> bool:
    plain = value.replace(" ", "")
    if not _IBAN.fullmatch(plain):
        return False
    turned = plain[4:] + plain[:4]
    return int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1


def _listed(columns: list[str]) -> str:
    more = f" and {len(columns) - SHOWN} more" if len(columns) > SHOWN else ""
    return ", ".join(repr(name) for name in columns[:SHOWN]) + more
