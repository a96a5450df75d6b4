"""How a person names a crew: in one word, or like the address of a page."""

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl

from modelwright.compute.limits import parse_bytes
from modelwright.errors import BriefError, nearest

CrewKind = Literal["here", "processes", "ray"]

KINDS: tuple[CrewKind, ...] = ("here", "processes", "ray")
_HOST = re.compile(r"[^/?#\s]+:[0-9]{1,5}", re.ASCII)
_OPTIONS = ("workers", "memory")
_EXAMPLE = "Write 'here', 'processes', 'ray' or 'ray://host:10001'."


@dataclass(frozen=True)
class CrewAddress:
    """A crew, as it is named.

    Parameters
    ----------
    kind
        Who does the work.
    host
        Host and port of a Ray cluster; empty for the one of this machine.
    workers
        How many pieces of work at once; None for as many as there are cores.
    memory_bytes
        That a worker may hold; None for no limit.
    """

    kind: CrewKind
    host: str = ""
    workers: int | None = None
    memory_bytes: int | None = None

    @classmethod
    def parse(cls, text: str) -> "CrewAddress":
        """Read what a person writes.

        Parameters
        ----------
        text
            A kind; for a Ray cluster elsewhere with host and port; and after a question mark
            ``workers`` and ``memory``.

        Raises
        ------
        BriefError
            When it names no crew.

        Examples
        --------
        >>> CrewAddress.parse("ray://10.0.0.1:10001?workers=8&memory=2GB")
        CrewAddress(kind='ray', host='10.0.0.1:10001', workers=8, memory_bytes=2000000000)
        >>> CrewAddress.parse("rya")
        Traceback (most recent call last):
        ...
        modelwright.errors.BriefError: --compute 'rya' names nobody who could do the work. Did you
        mean 'ray'?
        """
        name, _, query = text.partition("?")
        kind, remote, host = name.partition("://")
        if kind not in KINDS:
            raise BriefError(
                f"--compute {text!r} names nobody who could do the work.", nearest(kind, KINDS)
            )
        if remote and (kind != "ray" or not _HOST.fullmatch(host)):
            raise BriefError(f"--compute {text!r} names no host with a port.", _EXAMPLE)
        options = _options(query)
        if kind == "here" and "memory" in options:
            raise BriefError(
                "Threads of one process cannot have a limit of memory each.",
                "Write: --compute 'processes?memory=2GB'",
            )
        return cls(
            kind=kind,
            host=host,
            workers=_workers(options["workers"]) if "workers" in options else None,
            memory_bytes=parse_bytes(options["memory"]) if "memory" in options else None,
        )


def _options(query: str) -> dict[str, str]:
    options = dict(parse_qsl(query, keep_blank_values=True))
    for name in options:
        if name not in _OPTIONS:
            raise BriefError(f"--compute has no option {name!r}.", nearest(name, _OPTIONS))
    return options


def _workers(text: str) -> int:
    if not re.fullmatch("[0-9]{1,4}", text, re.ASCII) or not int(text):
        raise BriefError(f"workers={text} is no number of workers.", "Write 1 or more.")
    return int(text)
