"""The headers Content-Type and Accept."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message

from starlette.exceptions import HTTPException

JSON, CSV, JSON_LINES = "application/json", "text/csv", "application/jsonlines"
PARQUET = "application/vnd.apache.parquet"

_SAME = {
    **dict.fromkeys(("application/x-jsonlines", "application/jsonl"), JSON_LINES),
    **dict.fromkeys(("application/x-ndjson", "application/ndjson"), JSON_LINES),
    **dict.fromkeys(("application/parquet", "application/x-parquet"), PARQUET),
    # What curl and urllib say when nobody has said anything.
    "application/x-www-form-urlencoded": JSON,
}


@dataclass(frozen=True)
class MediaType:
    """What a body is.

    Parameters
    ----------
    name
        Such as ``text/csv``, in small letters.
    charset
        How its text is encoded.
    header
        Whether the first line of a CSV file names its columns; None when nothing is said.
    """

    name: str
    charset: str = "utf-8"
    header: bool | None = None


def read_media_type(content_type: str | None) -> MediaType:
    """Read the header Content-Type; without one a body is JSON.

    Examples
    --------
    >>> read_media_type("text/CSV; charset=latin-1; header=absent")
    MediaType(name='text/csv', charset='latin-1', header=False)
    >>> read_media_type(None).name
    'application/json'
    """
    message = Message()
    message["Content-Type"] = content_type or JSON
    name = (content_type or JSON).partition(";")[0].strip().lower()
    header = message.get_param("header")
    return MediaType(
        name=_SAME.get(name, name),
        charset=message.get_content_charset() or "utf-8",
        header={"present": True, "absent": False}.get(str(header).lower()),
    )


def choose_media_type(accept: str | None, offered: Sequence[str]) -> str:
    """Return the media type of an answer: the first that is offered, unless another is wanted more.

    Raises
    ------
    HTTPException
        406 when none of those that are wanted is offered.

    Examples
    --------
    >>> choose_media_type("text/csv, application/json;q=0.5", [JSON, CSV])
    'text/csv'
    >>> choose_media_type("image/png, */*;q=0.1", [JSON, CSV])
    'application/json'
    """
    ranges = [_range(each) for each in (accept or "*/*").split(",")]
    for name, quality in sorted(ranges, key=lambda one: -one[1]):
        fits = (each for each in offered if _fits(each, name))
        if quality > 0 and (found := next(fits, None)):
            return found
    raise HTTPException(406, f"There is no answer as {accept!r:.80}. Accept {', '.join(offered)}.")


def _fits(offered: str, wanted: str) -> bool:
    family = wanted.removesuffix("*")
    return wanted in (offered, "*/*") or (family.endswith("/") and offered.startswith(family))


def _range(text: str) -> tuple[str, float]:
    name, _, parameters = text.partition(";")
    name = name.strip().lower()
    _, _, quality = parameters.replace(" ", "").partition("q=")
    try:
        return _SAME.get(name, name), float(quality) if quality else 1.0
    except ValueError:
        return _SAME.get(name, name), 0.0
