"""Files of Parquet become one without a page of them being read.

A file is its pages and a footer that says where they are. So the pages are copied one file after
the other, and one footer says where all of them are now. Packing them anew would take longer than
answering their rows does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from modelwright.engineer.batch.thrift import Reader, Struct, written

_MAGIC = b"PAR1"
_BLOCK_BYTES = 1 << 22
_TAIL = 8
"""The size of the footer, and the magic word."""
_SCHEMA, _ROWS, _GROUPS = 2, 3, 4
_COLUMNS, _GROUP_BEGINS, _GROUP_NUMBER = 1, 5, 7
_CHUNK_BEGINS, _ABOUT_CHUNK = 2, 3
_INDICES = (4, 5, 6, 7)
"""Of a chunk: they may be left out, and say inside where pages were."""
_PAGES = (9, 10, 11, 14)
"""Where data, index, dictionary and Bloom filter begin."""


def join(parts: Sequence[Path], whole: Path) -> bool:
    """Write files as one, and say whether that could be done: they must have the same columns.

    Parameters
    ----------
    parts
        At least one, in their order.
    whole
        Where.
    """
    footers = [_Footer.of(part) for part in parts]
    first = footers[0].fields
    if any(each.fields[_SCHEMA] != first[_SCHEMA] for each in footers):
        return False
    groups: list[Struct] = []
    with whole.open("wb") as file:
        file.write(_MAGIC)
        for part, footer in zip(parts, footers, strict=True):
            groups += footer.moved(file.tell() - len(_MAGIC))
            with part.open("rb") as source:
                source.seek(len(_MAGIC))
                _copy(source, file, footer.begins - len(_MAGIC))
        rows = sum(each.fields[_ROWS][1] for each in footers)
        kind, (of, _) = first[_GROUPS]
        about = written({**first, _ROWS: (first[_ROWS][0], rows), _GROUPS: (kind, (of, groups))})
        file.write(about + len(about).to_bytes(4, "little") + _MAGIC)
    return True


@dataclass(frozen=True)
class _Footer:
    """What a file says of itself, and where it begins to."""

    fields: Struct
    begins: int

    @classmethod
    def of(cls, path: Path) -> "_Footer":
        with path.open("rb") as file:
            end = file.seek(0, 2) - _TAIL
            file.seek(end)
            size = int.from_bytes(file.read(4), "little")
            file.seek(end - size)
            return cls(Reader(file.read(size)).struct(), end - size)

    def moved(self, by: int) -> list[Struct]:
        """Return its groups of rows, when all that they point to lies so much later."""
        groups: list[Struct] = self.fields[_GROUPS][1][1]
        for group in groups:
            _move(group, (_GROUP_BEGINS,), by)
            group.pop(_GROUP_NUMBER, None)
            for chunk in group[_COLUMNS][1][1]:
                _move(chunk, (_CHUNK_BEGINS,), by)
                _move(chunk[_ABOUT_CHUNK][1], _PAGES, by)
                for index in _INDICES:
                    chunk.pop(index, None)
        return groups


def _move(fields: Struct, which: Sequence[int], by: int) -> None:
    for number in which:
        # Some writers leave 0 for what is not there.
        if number in fields and fields[number][1]:
            kind, begins = fields[number]
            fields[number] = (kind, begins + by)


def _copy(source: IO[bytes], target: IO[bytes], size: int) -> None:
    while size and (block := source.read(min(size, _BLOCK_BYTES))):
        target.write(block)
        size -= len(block)
