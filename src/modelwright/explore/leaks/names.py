"""What the name of a column says of the outcome; alone it proves nothing."""

import re
from itertools import pairwise

_ENDED = (
    "cancell?ed|cancell?ation|churned|closed|closing|collected|completed|completion|discharged?"
    "|ended|final|finished|outcome|paid|payout|recovered|recover(?:y|ies)|refund(?:ed)?|resolution"
    "|resolved|settled|settlement|terminated|termination"
)
_STATE = "status|state|stage|disposition"
_COMPUTED = "actual|average|avg|effective|mean|net|per|pct|percent|ratio|realised|realized"
_BEGUN = (
    "began|begin|beginning|begun|expected|from|initial|opening|planned|promised|scheduled|since"
    "|start|started"
)
_PLANNED = (
    "appointment|deadline|due|estimated|eta|expected|expir(?:es|y)|planned|promised|scheduled|slot"
    "|valid"
)
_PERIOD = "years?|yr|quarter|months?|week|season|wave|period|decade"
_WITHIN = "in|last|next|per|previous|this"
_YEAR = "(?:1[89]|20)?[0-9]{2}"
_FIRST, _WHEN = "first|ordered", "at|date|datetime|day|hour|month|on|time|week|year"
"""Of a moment these say that something begins; of an amount nothing."""
_PERHAPS = "actual|after|approved|arrival|cause|duration|elapsed|reason|response|result"


def says_ended(name: str) -> bool:
    """Whether a name says that something has ended or was paid.

    Examples
    --------
    >>> says_ended("paid_total"), says_ended("CallDuration"), says_ended("age")
    (True, False, False)
    """
    return _has(name, _ENDED)


def says_state(name: str) -> bool:
    """Whether a name is that of a state, whose levels say how far something has come.

    Examples
    --------
    >>> says_state("loan_status"), says_state("estate")
    (True, False)
    """
    return _has(name, _STATE)


def may_say_ended(name: str) -> bool:
    """Whether a name may be that of an outcome.

    Examples
    --------
    >>> may_say_ended("paid_total"), may_say_ended("CallDuration"), may_say_ended("age")
    (True, True, False)
    """
    return _has(name, f"{_ENDED}|{_PERHAPS}")


def says_computed(name: str) -> bool:
    """Whether a name says that others had to be known to have its values.

    Examples
    --------
    >>> says_computed("mean_speed"), says_computed("PricePerNight"), says_computed("distance")
    (True, True, False)
    """
    return _has(name, _COMPUTED)


def says_begun(name: str) -> bool:
    """Whether a name says that something begins, or was planned.

    Examples
    --------
    >>> says_begun("first_day"), says_begun("ScheduledDeparture"), says_begun("amount_ordered")
    (True, True, False)
    """
    words = _words(name)
    is_first = any(
        re.fullmatch(_FIRST, word) and re.fullmatch(_WHEN, after) for word, after in pairwise(words)
    )
    return is_first or _has(name, _BEGUN)


def says_planned(name: str) -> bool:
    """Whether a name says that a moment was fixed before it came.

    Examples
    --------
    >>> says_planned("due_date"), says_planned("Estimated Delivery"), says_planned("delivered_at")
    (True, True, False)
    """
    return _has(name, _PLANNED)


def says_period(name: str) -> bool:
    """Whether a name is that of a span of time, and not of what there was within one.

    Examples
    --------
    >>> says_period("model_year"), says_period("total_this_month"), says_period("season_state")
    (True, False, False)
    """
    *_, before, last = ("", "", *_words(name))
    return bool(re.fullmatch(_PERIOD, last)) and not re.fullmatch(_WITHIN, before)


def is_before(name: str, other: str) -> bool:
    """Whether two names differ by a year only (of two or four digits), and the first is earlier.

    Examples
    --------
    >>> is_before("income_74", "income_78"), is_before("2003", "2002"), is_before("y1", "y2")
    (True, False, False)
    """
    (words, numbers), (other_words, other_numbers) = map(_parted, (name, other))
    if words != other_words or numbers >= other_numbers:
        return False
    pairs = zip(numbers, other_numbers, strict=True)
    return all(one == two or _are_years(one, two) for one, two in pairs)


def _are_years(one: str, two: str) -> bool:
    return len(one) == len(two) and all(re.fullmatch(_YEAR, each) for each in (one, two))


def _parted(name: str) -> tuple[list[str], list[str]]:
    parts = re.split(r"([0-9]+)", name)
    return parts[::2], parts[1::2]


def _has(name: str, pattern: str) -> bool:
    return any(re.fullmatch(pattern, word) for word in _words(name))


def _words(name: str) -> list[str]:
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)]
