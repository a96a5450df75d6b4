"""Answers as the bytes of a file."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from modelwright.engineer.batch.answers import csv_bytes
from modelwright.engineer.batch.joined import join
from modelwright.errors import InputError

_BLOCK_BYTES = 1 << 22
SUFFIXES = (".csv", ".jsonl", ".parquet")


def suffix_of(path: Path) -> str:
    """Return the format that a file's name says.

    Raises
    ------
    InputError
        When it says none.

    Examples
    --------
    >>> suffix_of(Path("answers.CSV"))
    '.csv'
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(
            f"Expected a {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]} file, found "
            f"{path.suffix or path.name!r}.",
            "Rename the output; a folder ends in a slash.",
        )
    return suffix


def write_frame(frame: pl.DataFrame, path: Path, suffix: str, *, header: bool) -> None:
    """Write a table.

    Parameters
    ----------
    frame
        The table.
    path
        Where.
    suffix
        Of the format.
    header
        Whether CSV begins with the names.
    """
    if suffix == ".parquet":
        # The first level: the third, polars' own, takes half as long again for a fifth less.
        frame.write_parquet(path, compression="zstd", compression_level=1)
    elif suffix == ".jsonl":
        frame.write_ndjson(path)
    else:
        path.write_bytes(csv_bytes(frame, header=header))


def merge(parts: Sequence[Path], whole: Path, suffix: str, *, headers: bool = False) -> None:
    """Write files of one format as one, in their order, never with all of them in memory.

    Parameters
    ----------
    parts
        At least one.
    whole
        Where.
    suffix
        Of the format.
    headers
        Whether each CSV begins with the names, not only the first one.
    """
    if suffix == ".parquet":
        if not join(parts, whole):
            pl.scan_parquet(list(parts), glob=False).sink_parquet(whole)
    elif suffix == ".csv" and headers:
        pl.scan_csv(list(parts), infer_schema=False, glob=False).sink_csv(whole)
    else:
        _append(parts, whole)


def _append(parts: Sequence[Path], whole: Path) -> None:
    with whole.open("wb") as file:
        for part in parts:
            with part.open("rb") as source:
                while block := source.read(_BLOCK_BYTES):
                    file.write(block)
