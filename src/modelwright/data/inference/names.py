"""What the name of a column says about what it holds."""

import re

_IDS = {
    "id", "ids", "uid", "pid", "uuid", "guid", "key", "nbr", "rowid", "rownum", "sku", "ssn",
    "isbn", "iban", "vin", "tailnum", "email", "url",
}  # fmt: skip
_NUMBERS = {"no", "nr", "num", "number", "index", "idx", "order"}
_CODES = {
    "id", "ids", "uid", "pid", "key", "nbr", "code", "codes", "cd", "type", "class", "category",
    "cat", "zip", "postal", "sku", "icao", "iata", "fips", "naics", "sic",
}  # fmt: skip
_CODE_ENDINGS = ("code", "type", "class", "zip")
_TIMES = {
    "time", "timestamp", "datetime", "date", "year", "yr", "quarter", "month", "week", "day",
    "hour", "hr", "minute", "second", "period", "step", "epoch", "age", "t", "ts", "dt",
}  # fmt: skip
_MOMENTS = {
    "time", "timestamp", "timestamps", "datetime", "date", "day", "month", "period", "when", "at",
    "on", "ts", "dt", "t", "epoch", "unix", "utc", "dob", "ymd", "ym", "yyyymmdd", "yyyymm",
    "yearmonth", "datum", "fecha", "created", "updated", "modified", "posted", "recorded",
}  # fmt: skip
_MOMENT_ENDINGS = ("date", "datetime", "time", "timestamp")
_COUNTED_MOMENTS = {"timestamp", "timestamps", "created", "updated", "unix", "utc", "epoch"}
_SPANS = {
    "runtime", "walltime", "uptime", "downtime", "lifetime", "playtime", "overtime", "elapsed",
    "duration", "latency", "spent", "per", "candidate",
}  # fmt: skip
"""Words of names whose time lasts, or that only end as a time does."""
_LASTING = {
    "cpu", "exec", "execution", "gpu", "idle", "processing", "response", "run",
    "running", "sleep", "sleeping", "total", "travel", "up", "wait", "waiting", "wall", "watch",
}  # fmt: skip
"""Words before a time that lasts."""
# Words before a glued "id". Most English words that end in "id" (paid, grid, humid) name no key.
_OWNERS = (
    "account|ad|buyer|campaign|case|client|company|customer|device|doctor|employee|encounter|"
    "event|game|group|guest|host|household|invoice|item|job|listing|loan|machine|match|member|"
    "movie|order|page|parent|passenger|patient|person|player|policy|post|product|query|record|"
    "row|sample|school|seller|sensor|session|site|station|store|student|supplier|team|ticket|"
    "transaction|trip|user|vehicle|vendor|visit"
)
_OWNER = re.compile(_OWNERS)
_GLUED_ID = re.compile(rf"(?:{_OWNERS})id")


def sounds_like_id(name: str) -> bool:
    """Return whether a name says that the values identify rows or things.

    Examples
    --------
    >>> [name for name in ("customerID", "patient_nbr", "passengerid", "amount_paid", "grid")
    ...  if sounds_like_id(name)]
    ['customerID', 'patient_nbr', 'passengerid']
    >>> sounds_like_id("InvoiceNo"), sounds_like_id("population_number")
    (True, False)
    """
    words = _words(name)
    if words[-1] in _NUMBERS:  # alone, or the number of something that has numbers
        return len(words) == 1 or _OWNER.fullmatch(words[-2]) is not None
    return words[-1] in _IDS or _GLUED_ID.fullmatch(words[-1]) is not None


def sounds_like_code(name: str) -> bool:
    """Return whether a name says that numbers are codes of something, not amounts.

    Examples
    --------
    >>> [name for name in ("admission_type_id", "MS SubClass", "zipcode", "price", "n_types_ratio")
    ...  if sounds_like_code(name)]
    ['admission_type_id', 'MS SubClass', 'zipcode']
    """
    last = _words(name)[-1]
    return last in _CODES or last.endswith(_CODE_ENDINGS) or _GLUED_ID.fullmatch(last) is not None


def sounds_like_name(name: str) -> bool:
    """Return whether a column holds the names of things.

    Examples
    --------
    >>> sounds_like_name("host_name"), sounds_like_name("named")
    (True, False)
    """
    return _words(name)[-1] in {"name", "fullname", "surname", "title"}


def sounds_like_time(name: str) -> bool:
    """Return whether a name says that a growing number is a time, not a row number.

    Examples
    --------
    >>> sounds_like_time("unix_time"), sounds_like_time("timestamps_lost"), sounds_like_time("No")
    (True, False, False)
    """
    return not _TIMES.isdisjoint(_words(name))


def sounds_like_moment(name: str) -> bool:
    """Return whether a name says that large numbers tell when something was.

    Examples
    --------
    >>> names = ("order_date", "created_utc", "date of birth", "eventTime", "time_2", "yearmonth")
    >>> all(sounds_like_moment(name) for name in names)
    True
    >>> names = ("amount", "runtime_ns", "cpu_time", "gross_to_date", "volume_at_close", "per_day")
    >>> any(sounds_like_moment(name) for name in names)
    False
    """
    words = [word for word in _words(name) if not word.isdigit()] or [""]
    before, last = "".join(words[-2:-1]), words[-1]
    lasts = last.endswith("time") and before in _LASTING
    if lasts or (before, last) == ("to", "date") or not _SPANS.isdisjoint(words):
        return False
    if words[0] in {"date", "datetime"} or not _COUNTED_MOMENTS.isdisjoint(words):
        return True
    if last == "t":
        return len(words) == 1
    is_time_of = words[:2] == ["time", "of"]
    return is_time_of or last in _MOMENTS or last.endswith(_MOMENT_ENDINGS)


def _words(name: str) -> list[str]:
    """Split snake_case, camelCase and spaced names into lower-case words; at least one."""
    spaced = re.sub(r"([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])", r"\1\3 \2\4", name)
    return re.findall(r"[a-z]+|[0-9]+", spaced.lower()) or [""]
