"""Which encoding a text file has, found from its bytes."""

import codecs

from modelwright.errors import SourceError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8 with a byte order mark"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)


def to_utf8(raw: bytes, address: str) -> tuple[bytes, str]:
    """Return a text as UTF-8 without a byte order mark.

    A byte order mark decides. Without one the text is UTF-8 when all bytes agree; a text with more
    damaged than whole UTF-8 characters is taken for Windows-1252, which contains Latin-1.

    Parameters
    ----------
    raw
        The bytes of the file.
    address
        Printed in messages.

    Returns
    -------
    tuple
        The text in UTF-8, and the encoding it had, in words.

    Raises
    ------
    SourceError
        When some bytes fit no encoding; it names the offset of the first.

    Examples
    --------
    >>> to_utf8("Größe".encode("cp1252"), "a.csv")
    (b'Gr\\xc3\\xb6\\xc3\\x9fe', 'Windows-1252 (Latin-1), guessed because it is not UTF-8')
    """
    for mark, encoding, words in _MARKS:
        if raw.startswith(mark):
            body = raw.removeprefix(mark) if encoding == "utf-8" else raw
            return _marked(body, encoding, address), words
    if (offset := raw.find(b"\0")) >= 0:
        raise SourceError(
            f"{address} has a zero byte at offset {offset}: it is not text.",
            "Save it as UTF-8; UTF-16 is read when it begins with a byte order mark.",
        )
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return _windows(raw, error, address)
    return raw, "UTF-8"


def _marked(raw: bytes, encoding: str, address: str) -> bytes:
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        # The mark of UTF-8 is cut off already, the others are read by their codecs.
        start = error.start + (len(codecs.BOM_UTF8) if encoding == "utf-8" else 0)
        raise _undecodable(address, start, encoding.upper()) from error
    return raw if encoding == "utf-8" else text.encode()


def _windows(raw: bytes, error: UnicodeDecodeError, address: str) -> tuple[bytes, str]:
    lenient = raw.decode("utf-8", errors="replace")
    damaged = lenient.count("\ufffd")
    whole = sum(character > "\x7f" for character in lenient) - damaged
    if whole > damaged:
        raise _undecodable(address, error.start, "UTF-8") from error
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError as second:
        raise _undecodable(address, second.start, "UTF-8 or Windows-1252") from second
    return text.encode(), "Windows-1252 (Latin-1), guessed because it is not UTF-8"


def _undecodable(address: str, offset: int, encoding: str) -> SourceError:
    return SourceError(
        f"{address} cannot be decoded: the byte at offset {offset} is not {encoding}.",
        "Save the file as UTF-8.",
    )
