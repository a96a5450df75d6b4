"""Which encoding a text file has, found from its bytes."""

import codecs
import re
from contextlib import suppress
from dataclasses import dataclass

from modelwright.errors import SourceError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8 with a byte order mark"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)


def _common(encoding: str, leads: range) -> str:
    """Return the class of the characters of some rows of a national standard."""
    pairs = bytes(byte for lead in leads for trail in range(0xA1, 0xFF) for byte in (lead, trail))
    return f"[{pairs.decode(encoding, errors='ignore')}]"


_KANA, _KANJI = "[\u3041-\u30fa\u30fc]", "[\u4e00-\u9fff]"
_WIDE = "[\u3000-\u3015\uff00-\uff5e]"
_CYRILLIC = "[\u0400-\u045f]"
_CYRILLIC_WORD = "(?<![A-Za-z\u0400-\u045f])[\u0400-\u045f]+(?![A-Za-z\u0400-\u045f])"
_HANGUL = "[\uac00-\ud7a3]"
_OF_CHINA, _OF_JAPAN = _common("gb2312", range(0xB0, 0xF8)), _common("euc_jp", range(0xB0, 0xD0))
_JAPANESE = f"{_KANA}|\u30fb|{_KANJI}|{_WIDE}"
_SCRIPTS = (
    ("cp932", "Shift JIS", _JAPANESE, _KANA, 0.1),
    (
        "cp1251",
        "Windows-1251",
        f"{_CYRILLIC}|[\u00ab\u00bb\u2013\u2014\u2116]",
        _CYRILLIC_WORD,
        0.9,
    ),
    ("euc_kr", "EUC-KR", f"{_HANGUL}|{_WIDE}", _HANGUL * 2, 0.5),
    # In GB 18030 nearly all pairs of bytes are some character: common ones tell.
    ("gb18030", "GB 18030", f"{_KANJI}|{_WIDE}", _OF_CHINA * 2, 0.5),
    ("cp932", "Shift JIS", _JAPANESE, _OF_JAPAN * 2, 0.5),
)
"""An encoding, its name, what nearly all letters beyond ASCII are, what some are, and how many."""
_FREQUENT = frozenset("\u043e\u0435\u0430\u0438\u043d\u0442\u0441\u0440\u0432\u043b")
"""The ten letters that are six of ten in Russian, and three of ten in other bytes read as such."""
_FREQUENT_SHARE = 0.45
_NEARLY_ALL = 0.95
_LOOKED_AT = 200_000


@dataclass(frozen=True)
class Decoded:
    """A text in UTF-8, and how it was written.

    Parameters
    ----------
    text
        Without a byte order mark.
    encoding
        As Python calls it.
    words
        What people call it.
    """

    text: bytes
    encoding: str
    words: str


def to_utf8(raw: bytes, address: str) -> Decoded:
    """Return a text as UTF-8 without a byte order mark.

    A byte order mark decides. Without one the text is UTF-8 when all bytes agree. A text with more
    damaged than whole UTF-8 characters is Japanese, Korean, Chinese or Russian, in what Excel saves
    there, when it reads as such; else it is taken for Windows-1252, which contains Latin-1.

    Parameters
    ----------
    raw
        The bytes of the file.
    address
        Printed in messages.

    Returns
    -------
    Decoded
        The text in UTF-8, and the encoding it had.

    Raises
    ------
    SourceError
        When some bytes fit no encoding; it names the offset of the first.

    Examples
    --------
    >>> to_utf8("Größe".encode("cp1252"), "a.csv").words
    'Windows-1252 (Latin-1), guessed because it is not UTF-8'
    >>> to_utf8("Größe".encode("cp1252"), "a.csv").text.decode()
    'Größe'
    """
    for mark, encoding, words in _MARKS:
        if raw.startswith(mark):
            body = raw.removeprefix(mark) if encoding == "utf-8" else raw
            return Decoded(_marked(body, encoding, address), encoding, words)
    if (offset := raw.find(b"\0")) >= 0:
        raise SourceError(
            f"{address} has a zero byte at offset {offset}: it is not text.",
            "Save it as UTF-8; UTF-16 is read when it begins with a byte order mark.",
        )
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return _windows(raw, error, address)
    return Decoded(raw, "utf-8", "UTF-8")


def _marked(raw: bytes, encoding: str, address: str) -> bytes:
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        # The mark of UTF-8 is cut off already, the others are read by their codecs.
        start = error.start + (len(codecs.BOM_UTF8) if encoding == "utf-8" else 0)
        raise _undecodable(address, start, encoding.upper()) from error
    return raw if encoding == "utf-8" else text.encode()


def _windows(raw: bytes, error: UnicodeDecodeError, address: str) -> Decoded:
    lenient = raw.decode("utf-8", errors="replace")
    damaged = lenient.count("\ufffd")
    whole = sum(character > "\x7f" for character in lenient) - damaged
    if whole > damaged:
        raise _undecodable(address, error.start, "UTF-8") from error
    if other := _in_another_script(raw):
        return other
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError as second:
        raise _undecodable(address, second.start, "UTF-8 or Windows-1252") from second
    words = "Windows-1252 (Latin-1), guessed because it is not UTF-8"
    return Decoded(text.encode(), "cp1252", words)


def _in_another_script(raw: bytes) -> Decoded | None:
    """Return a text that reads as one of a script in whose encodings bytes stand for other letters.

    In Windows-1252 letters with accents stand alone among others; where those beyond ASCII follow
    each other, it is none.
    """
    for encoding, words, usual, telling, share in _SCRIPTS:
        with suppress(UnicodeDecodeError):
            text = raw.decode(encoding)
            beyond = "".join(re.findall(r"[^\x00-\x7f]+", text[:_LOOKED_AT]))
            fits = len(re.findall(usual, beyond)) >= _NEARLY_ALL * len(beyond)
            told = sum(map(len, re.findall(telling, text[:_LOOKED_AT])))
            if fits and told > share * len(beyond) and _is_language(encoding, text[:_LOOKED_AT]):
                return Decoded(text.encode(), encoding, f"{words}, guessed because it is not UTF-8")
    return None


def _is_language(encoding: str, text: str) -> bool:
    """Say whether words are made of the letters of a language, where every byte is some letter."""
    if encoding != "cp1251":
        return True
    letters = "".join(word for word in re.findall(_CYRILLIC_WORD, text) if len(word) > 2).lower()
    frequent = sum(letter in _FREQUENT for letter in letters)
    return frequent > _FREQUENT_SHARE * len(letters)


def _undecodable(address: str, offset: int, encoding: str) -> SourceError:
    return SourceError(
        f"{address} cannot be decoded: the byte at offset {offset} is not {encoding}.",
        "Save the file as UTF-8.",
    )
