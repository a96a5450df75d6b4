"""Why a body cannot be read: what its reader does not tell, or tells wrongly."""

from modelwright.serving.halves import require_whole_characters
from modelwright.serving.vast import require_kept_numbers

_BEYOND = "out of range"


def reason_of(body: bytes, error: Exception) -> str:
    """Return why a body cannot be read.

    Of half a character its reader says that it is cut off, and of a number beyond all others
    not where it stands.

    Parameters
    ----------
    body
        What was sent.
    error
        What its reader says.
    """
    try:
        require_whole_characters(body)
        if _BEYOND in str(error):
            require_kept_numbers(body)
    except (ValueError, RecursionError) as reason:
        return str(reason)
    return str(error)
