"""Tokens as numbers of buckets, by a hash that many libraries have.

MurmurHash3 of 32 bits (Appleby, 2011), as scikit-learn's HashingVectorizer takes it.
"""

_WORD = 0xFFFFFFFF
_LEAST = -(1 << 31)


def bucket_of(token: str, buckets: int) -> tuple[int, bool]:
    """Return the bucket that a token falls into, and whether it counts as more or as less.

    Parameters
    ----------
    token
        Any text.
    buckets
        How many there are.

    Examples
    --------
    >>> bucket_of("late", 1024), bucket_of("\u00b5s", 1024)
    ((232, True), (309, True))
    """
    found = murmur(token.encode(errors="replace"))
    # The least number has no opposite in 32 bits; what scikit-learn does then is this.
    size = -found if found < 0 else found
    size = (1 << 31) - buckets if found == _LEAST else size
    return size % buckets, found >= 0


def murmur(data: bytes) -> int:
    """Return the hash of bytes, as a whole number of 32 bits with a sign.

    Examples
    --------
    >>> murmur(b""), murmur(b"late")
    (0, 859229416)
    """
    hashed = 0
    whole = len(data) & ~3
    for start in range(0, whole, 4):
        hashed ^= _mixed(int.from_bytes(data[start : start + 4], "little"))
        hashed = (_turned(hashed, 13) * 5 + 0xE6546B64) & _WORD
    if len(data) > whole:
        hashed ^= _mixed(int.from_bytes(data[whole:], "little"))
    hashed ^= len(data)
    hashed = ((hashed ^ hashed >> 16) * 0x85EBCA6B) & _WORD
    hashed = ((hashed ^ hashed >> 13) * 0xC2B2AE35) & _WORD
    hashed ^= hashed >> 16
    return hashed - (1 << 32) if hashed >> 31 else hashed


def _mixed(word: int) -> int:
    return (_turned((word * 0xCC9E2D51) & _WORD, 15) * 0x1B873593) & _WORD


def _turned(word: int, bits: int) -> int:
    return (word << bits | word >> 32 - bits) & _WORD
