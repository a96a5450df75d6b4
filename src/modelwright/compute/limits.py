"""What the host allows a model to take."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from modelwright.errors import BriefError

_AMOUNT = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]{1,2})?)\s*([a-zµ]*)\s*", re.IGNORECASE)
"""Small numbers of TOML and Python are written with an exponent: 0.00005 is 5e-05."""
_SECONDS = {"us": Decimal("1e-6"), "µs": Decimal("1e-6"), "ms": Decimal("1e-3"), "s": Decimal(1)}
_BYTES = {
    "b": Decimal(1),
    **{f"{unit}b": Decimal(10 ** (3 * power)) for power, unit in enumerate("kmgt", start=1)},
    **{f"{unit}ib": Decimal(2 ** (10 * power)) for power, unit in enumerate("kmgt", start=1)},
}
"""In decimals, so that 200 us are 0.0002 s and not the float beside it."""
_ROOM = 0.9
_EXACT_MS = 100
"""From here on a time is told to the millisecond, not in two figures."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What the host allows; None where it sets no limit.

    Parameters
    ----------
    latency_s
        Seconds to answer one row, in the middle of many.
    size_bytes
        Of the bundle.
    memory_bytes
        That the loaded program takes.
    """

    latency_s: float | None = None
    size_bytes: int | None = None
    memory_bytes: int | None = None

    def or_else(self, others: "Limits") -> "Limits":
        """Return these limits, and the others where these set none."""
        set_here = {name: limit for name, limit in msgspec.structs.asdict(self).items() if limit}
        return msgspec.structs.replace(others, **set_here)

    @property
    def with_room(self) -> "Limits":
        """The limits with a tenth less of latency: a clock says something else the next time.

        Examples
        --------
        >>> Limits(latency_s=0.5, size_bytes=500).with_room
        Limits(latency_s=0.45, size_bytes=500, memory_bytes=None)
        """
        if self.latency_s is None:
            return self
        return msgspec.structs.replace(self, latency_s=_ROOM * self.latency_s)

    @property
    def any(self) -> bool:
        """Whether there is a limit at all."""
        return self != NO_LIMITS


NO_LIMITS = Limits()


def limits_of(latency: str | float, *, size: str | float, memory: str | float) -> Limits:
    """Return the limits that a person writes; empty text for none.

    Raises
    ------
    BriefError
        When one of them cannot be read.

    Examples
    --------
    >>> limits_of("5ms", size="", memory="")
    Limits(latency_s=0.005, size_bytes=None, memory_bytes=None)
    """
    return Limits(
        latency_s=None if latency == "" else parse_latency(latency),
        size_bytes=None if size == "" else parse_bytes(size),
        memory_bytes=None if memory == "" else parse_bytes(memory),
    )


def parse_latency(text: Any) -> float:
    """Read the time that one row may take, in seconds.

    Raises
    ------
    BriefError
        When it is no such time.

    Examples
    --------
    >>> parse_latency("5ms"), parse_latency("200 us"), parse_latency(0.01)
    (0.005, 0.0002, 0.01)
    >>> parse_latency("5 minutes")
    Traceback (most recent call last):
    ...
    modelwright.errors.BriefError: '5 minutes' is no latency above zero. Write '5ms', '200us' or a
    number of seconds.
    """
    return _amount(text, _SECONDS, "s", "latency", "'5ms', '200us' or a number of seconds")


def parse_bytes(text: Any) -> int:
    """Read a size in bytes.

    Raises
    ------
    BriefError
        When it is no size.

    Examples
    --------
    >>> parse_bytes("10MB"), parse_bytes("1.5 GB"), parse_bytes(4096)
    (10000000, 1500000000, 4096)
    """
    return int(_amount(text, _BYTES, "b", "size", "'10MB', '500kB' or a number of bytes"))


def format_bytes(count: float) -> str:
    """Write a size for people.

    Examples
    --------
    >>> format_bytes(512), format_bytes(1_340_000), format_bytes(25_000)
    ('512 B', '1.3 MB', '25 kB')
    """
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= size:
            amount = count / size
            return f"{amount:.1f} {unit}" if amount < 10 else f"{amount:.0f} {unit}"
    return f"{count:.0f} B"


def format_latency(seconds: float) -> str:
    """Write the time of one row for people.

    Examples
    --------
    >>> format_latency(0.00021), format_latency(0.0042), format_latency(1.234)
    ('0.21 ms', '4.2 ms', '1,234 ms')
    """
    milliseconds = seconds * 1e3
    return f"{milliseconds:,.0f} ms" if milliseconds >= _EXACT_MS else f"{milliseconds:.2g} ms"


def _amount(text: Any, units: Mapping[str, Decimal], usual: str, noun: str, examples: str) -> float:
    found = _AMOUNT.fullmatch(str(text)) if not isinstance(text, bool) else None
    unit = units.get((found[2] or usual).lower()) if found else None
    amount = float(Decimal(found[1]) * unit) if found and unit else 0.0
    if not 0 < amount < 1e15:
        raise BriefError(f"{text!r} is no {noun} above zero.", f"Write {examples}.")
    return amount
