"""Why a body cannot be read: what its reader does not tell, or tells wrongly."""

from modelwright.serving.halves import require_whole_characters
from modelwright.serving.vast import require_kept_numbers

_MALFORMED = "malformed"
"""In what is said of NaN by a reader that does not take it."""
_OF_NUMBERS = ("out of range", "digits", "no JSON", _MALFORMED)
"""In what readers say of numbers: too large, of thousands of digits, infinite."""


def reason_of(body: bytes, error: Exception) -> str:
    """Return why a body cannot be read.

    Of half a character its reader says that it is cut off, and of a number that cannot be kept
    not where it stands.

    Parameters
    ----------
    body
        What was sent.
    error
        What its reader says.
    """
    said = str(error)
    try:
        require_whole_characters(body)
    except ValueError as half:
        return str(half)
    if not any(words in said for words in _OF_NUMBERS):
        return said
    try:
        require_kept_numbers(body, takes_nan=_MALFORMED not in said)
    except (ValueError, RecursionError) as reason:
        # Of anything else that is wrong, the first reader says more.
        return str(reason) if str(reason).startswith("the field ") else said
    return said
