"""What the name of a column says about time and about entities.

A name is weak evidence: it decides only what the values leave open, such as whether a date says
when a row happened or when a person was born.
"""

import re
from collections.abc import Iterable
from typing import Literal

Part = Literal["year", "month", "day", "hour"]
"""A part of a date that a table may hold in a column of its own, the coarsest first."""

_PARTS: dict[str, Part] = {
    **dict.fromkeys(("year", "yr", "yyyy", "jahr", "season"), "year"),
    **dict.fromkeys(("month", "mo", "mon", "mnth", "mm", "monat"), "month"),
    **dict.fromkeys(("day", "dd", "dom", "dayofmonth", "mday"), "day"),
    **dict.fromkeys(("hour", "hr", "hh"), "hour"),
}  # fmt: skip
_TIMES = {
    "date", "datetime", "time", "timestamp", "day", "week", "month", "quarter", "year", "yr",
    "period", "when", "at", "on", "dt", "ts", "t", "epoch", "unix", "unixtime", "step", "tick",
    "yyyymm", "yyyymmdd", "yearmonth", "datum", "fecha", "jahr",
}  # fmt: skip
_EVENTS = {
    "issue", "issued", "sale", "sold", "purchase", "purchased", "order", "ordered", "event",
    "transaction", "visit", "admission", "incident", "crash", "accident", "report", "reported",
    "posted", "published", "release", "released", "start", "started", "begin", "pickup", "created",
    "submitted", "booking", "booked", "call", "survey", "measured", "recorded", "observed",
    "sampled", "scheduled", "sched", "departure", "opened", "cutoff", "snapshot",
}  # fmt: skip
_TIME_ENDINGS = ("date", "time", "timestamp", "day", "month", "year", "period")
# What belongs to the thing of the row and stays the same whenever the row happens.
_ATTRIBUTES = (
    "birth", "born", "bday", "hire", "hiring", "joined", "joining", "signup", "regist", "enrol",
    "earliest", "previous", "built", "blt", "build", "construct", "renov", "remod", "manufact",
    "vintage", "found", "establ", "incorporat", "expir", "valid", "deadline", "matur", "retire",
    "anniver", "until", "warrant", "graduat",
)  # fmt: skip
_ATTRIBUTE_WORDS = {
    "dob", "due", "first", "last", "latest", "prev", "prior", "next", "since", "join", "model",
    "age", "member", "employment", "open",
}  # fmt: skip
_MAKERS = {"account", "customer", "user", "client", "profile"}
_MADE = {"created", "creation", "opened", "opening", "start", "started"}
# What is written down after the row happened.
_LATE = (
    "updat", "modif", "edited", "closed", "closing", "resol", "deliver", "return", "complet",
    "finish", "cancel", "paid", "shipped", "dropoff", "discharg", "settle", "death", "died",
    "decease", "exit", "terminat", "logout", "arriv",
)  # fmt: skip
_LATE_WORDS = {"end", "ended", "close", "left"}
# What comes in many examples, of which a model meets new ones.
_ENTITIES = {
    "patient", "subject", "participant", "person", "customer", "client", "user", "member", "guest",
    "household", "family", "host", "student", "pupil", "employee", "driver", "rider", "passenger",
    "player", "applicant", "borrower", "buyer", "author", "speaker", "reviewer", "respondent",
    "animal", "mouse", "donor", "case", "encounter", "episode", "session", "trip", "query",
    "ticket", "order", "invoice", "basket", "account", "policy", "claim", "vehicle", "specimen",
    "batch", "lot", "run", "experiment", "document", "article", "conversation", "thread", "tailnum",
    "email", "mother", "wafer", "plot", "loan", "application", "group", "cluster", "unit", "engine",
}  # fmt: skip
_KEYS = {"id", "ids", "uid", "uuid", "guid", "key", "nbr", "no", "nr", "num", "number", "hash",
         "ref", "code"}  # fmt: skip


def is_attribute_date(name: str) -> bool:
    """Return whether a date of this name belongs to the thing of a row, not to the row.

    Examples
    --------
    >>> [is_attribute_date(name) for name in ("birthDate", "last_review", "Yr Sold", "opened_at")]
    [True, True, False, False]
    """
    words = words_of(name)
    made = not _MAKERS.isdisjoint(words) and not _MADE.isdisjoint(words)
    return made or not _ATTRIBUTE_WORDS.isdisjoint(words) or _begins(words, _ATTRIBUTES)


def is_late_date(name: str) -> bool:
    """Return whether a date of this name is written down after the row happened.

    Examples
    --------
    >>> [is_late_date(name) for name in ("dropoff_datetime", "updated_at", "order_date")]
    [True, True, False]
    """
    words = words_of(name)
    return not _LATE_WORDS.isdisjoint(words) or _begins(words, _LATE)


def is_time(name: str) -> bool:
    """Return whether a name speaks of time at all.

    Examples
    --------
    >>> [is_time(name) for name in ("sched_date", "saledate", "Time", "col_7", "colour")]
    [True, True, True, False, False]
    """
    return any(word in _TIMES or word.endswith(_TIME_ENDINGS) for word in words_of(name))


def is_event_date(name: str) -> bool:
    """Return whether a date of this name says when something happened.

    Examples
    --------
    >>> [is_event_date(name) for name in ("issue_d", "sched_date", "col_7")]
    [True, True, False]
    """
    return is_time(name) or not _EVENTS.isdisjoint(words_of(name))


def part_of_date(name: str) -> Part | None:
    """Return which part of a date a column of this name holds, or None.

    Examples
    --------
    >>> [part_of_date(name) for name in ("Yr Sold", "MoSold", "DayofMonth", "weekday", "dep_hour")]
    ['year', 'month', 'day', None, 'hour']
    """
    if re.sub(r"[^a-z]", "", name.casefold()) == "dayofmonth":
        return "day"
    words = words_of(name)
    if not {"of", "per", "week", "weekday"}.isdisjoint(words):
        return None
    return next((_PARTS[word] for word in words if word in _PARTS), None)


def is_entity(name: str) -> bool:
    """Return whether a name is that of a person, a thing or an episode that rows may share.

    Examples
    --------
    >>> names = ("patient_nbr", "userId", "subject#", "ticket", "order_priority", "store_id")
    >>> [is_entity(name) for name in names]
    [True, True, True, True, False, False]
    """
    words = words_of(name)
    owners = [word for word in words if word not in _KEYS]
    if owners:
        return owners[-1] in _ENTITIES and words[-1] in {owners[-1], *_KEYS}
    return False


def is_key(name: str) -> bool:
    """Return whether a name is that of a number or code which identifies something.

    Examples
    --------
    >>> [is_key(name) for name in ("store_id", "deviceid", "humidity", "InvoiceNo")]
    [True, True, False, True]
    """
    last = words_of(name)[-1]
    return last in _KEYS or any(last == f"{owner}id" for owner in (*_ENTITIES, "device", "item"))


def words_of(name: str) -> list[str]:
    """Split a name into lower-case words; at least one.

    Examples
    --------
    >>> words_of("FlightDate"), words_of("hostID"), words_of("Yr Sold")
    (['flight', 'date'], ['host', 'id'], ['yr', 'sold'])
    """
    spaced = re.sub(r"([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])", r"\1\3 \2\4", name)
    return re.findall(r"[a-z]+", spaced.casefold()) or [""]


def _begins(words: Iterable[str], stems: tuple[str, ...]) -> bool:
    return any(word.startswith(stems) for word in words)
