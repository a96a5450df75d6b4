"""Parquet: one file, a folder, or a pattern such as ``flights/2013-*.parquet``."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType

import polars as pl

from modelwright.data.sources.base import Deferred, Reading
from modelwright.data.sources.columns import are_plain
from modelwright.data.sources.files import access, find, read_head, refuse_foreign
from modelwright.data.sources.selection import Selection
from modelwright.errors import SourceError

SUFFIXES = (".parquet", ".pq", ".parq")
_MAGIC = (b"PAR1", b"PARE")
# Some damaged pages make polars panic instead of raising an error of its own.
_DAMAGE = (pl.exceptions.PolarsError, pl.exceptions.PanicException)
_NO_FOLDERS: Mapping[str, pl.DataType] = MappingProxyType({})


@dataclass(frozen=True)
class ParquetFiles(Deferred):
    """Files of which some rows and columns can be read without the others.

    Parameters
    ----------
    files
        At least one; they are there.
    """

    files: tuple[Path, ...]

    def names(self) -> tuple[str, ...] | None:
        """Return the names of the columns, which are not read for it.

        None where a table has other columns than its files: nested ones, or those of folders.

        Raises
        ------
        SourceError
            When a file is truncated or damaged, or the columns of two files differ.
        """
        _check_alike(self.files)
        schema = _read_schema(self.files[0])
        partitioned = _are_partitioned(self.files)
        return None if partitioned or not are_plain(schema) else tuple(schema)

    def counted(self) -> tuple[tuple[Path, int], ...]:
        """Return the files, each with the number of its rows."""
        return tuple((file, _count_rows(file)) for file in self.files)


def open_parquet(address: str, selection: Selection) -> Deferred:
    """Open one file, all files under a folder, or the files that a pattern names.

    Parameters
    ----------
    address
        A path; ``*``, ``?`` and ``**`` name many files.
    selection
        Must be empty.

    Raises
    ------
    SourceError
        When there is no such file, or no Parquet file among those named.
    """
    selection.check_empty(address)
    files = tuple(_files(address))
    return ParquetFiles(address, partial(read_parquet, files), files)


def parquet_files(address: str) -> tuple[tuple[Path, int], ...]:
    """Return the files that an address names, each with the number of its rows.

    Parameters
    ----------
    address
        As for `open_parquet`.

    Raises
    ------
    SourceError
        When there is no such file, one is damaged, or the columns of two differ.
    """
    files = _files(address)
    _check_alike(files)
    return tuple((file, _count_rows(file)) for file in files)


def read_columns(files: tuple[Path, ...], names: Sequence[str]) -> pl.DataFrame:
    """Return some columns of files that have the same.

    Raises
    ------
    SourceError
        When a file is damaged.
    """
    return _read(files, partitioned=False, columns=list(names))


def folder_types(files: Sequence[Path]) -> Mapping[str, pl.DataType]:
    """Return the columns that folders such as year=2013 become, with types that hold for all files.

    Raises
    ------
    SourceError
        When a file is damaged, or their folders have not the same names.
    """
    if not _are_partitioned(files):
        return {}
    try:
        scanned = pl.scan_parquet(list(files), glob=False, hive_partitioning=True)
        types = scanned.collect_schema()
    except _DAMAGE as error:
        raise SourceError(f"{_named(files)} is damaged: {error}.", "Write it again.") from error
    names = (part.partition("=")[0] for part in files[0].parent.parts if "=" in part)
    return {name: types[name] for name in names if name in types}


def read_rows(
    file: Path,
    first: int,
    count: int,
    columns: Sequence[str] | None = None,
    *,
    folders: Mapping[str, pl.DataType] = _NO_FOLDERS,
) -> pl.DataFrame:
    """Return some rows of a file without reading the others.

    Parameters
    ----------
    file
        Which has them.
    first, count
        Where they begin, and how many there are.
    columns
        Which columns; None for all.
    folders
        What `folder_types` says of all files of the table.

    Raises
    ------
    SourceError
        When the file is damaged.
    """
    try:
        rows = pl.scan_parquet(
            file, glob=False, hive_partitioning=bool(folders), hive_schema=folders or None
        )
        wanted = rows if columns is None else rows.select(columns)
        return wanted.slice(first, count).collect()
    except _DAMAGE as error:
        raise SourceError(f"{file} is damaged: {error}.", "Write it again.") from error


def read_parquet(files: tuple[Path, ...]) -> Reading:
    """Read files of one schema as one table, in the order given.

    Folders such as ``year=2013`` become columns.

    Parameters
    ----------
    files
        At least one.

    Raises
    ------
    SourceError
        When a file is truncated or damaged, or the columns of two files differ.
    """
    _check_alike(files)
    partitioned = _are_partitioned(files)
    frame = _read(files, partitioned=partitioned, columns=None)
    return Reading(frame, (f"Read {len(files)} Parquet files.",) if len(files) > 1 else ())


def _read(files: tuple[Path, ...], *, partitioned: bool, columns: list[str] | None) -> pl.DataFrame:
    try:
        return pl.read_parquet(
            list(files), columns=columns, hive_partitioning=partitioned, glob=False
        )
    except _DAMAGE as error:
        raise SourceError(f"{_named(files)} is damaged: {error}.", "Write it again.") from error


def _are_partitioned(files: Sequence[Path]) -> bool:
    return any("=" in file.parent.name for file in files)


def _files(address: str) -> list[Path]:
    path = Path(address).expanduser()
    if any(sign in address for sign in "*?[") and not path.exists():
        return _matching(path)
    path = find(address)
    return _inside(path) if path.is_dir() else [path]


def _matching(pattern: Path) -> list[Path]:
    relative = pattern.relative_to(pattern.anchor)
    found = sorted(file for file in Path(pattern.anchor).glob(str(relative)) if file.is_file())
    if not found:
        raise SourceError(f"No file matches {pattern}.", "Name a pattern that matches some.")
    others = [file.name for file in found if file.suffix.lower() not in SUFFIXES]
    if others:
        raise SourceError(
            f"{pattern} matches {others[0]!r}, and only Parquet files are read many at once.",
            "End the pattern in .parquet, or name one file.",
        )
    return found


def _inside(folder: Path) -> list[Path]:
    with access(folder):
        inside = [
            file
            for file in sorted(folder.rglob("*"))
            if not any(part.startswith((".", "_")) for part in file.relative_to(folder).parts)
            and file.is_file()
        ]
    found = [file for file in inside if file.suffix.lower() in SUFFIXES]
    if not found:
        kinds = Counter(file.suffix or "without suffix" for file in inside)
        shown = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common(5)) or "nothing"
        raise SourceError(
            f"The folder {folder} holds no Parquet file (found: {shown}).",
            "Name one file in it, or a folder of Parquet files.",
        )
    return found


def _read_schema(file: Path) -> pl.Schema:
    head = read_head(file)
    if not head.startswith(_MAGIC):
        refuse_foreign(file, head, "Parquet")
        raise SourceError(f"{file} is not a Parquet file.", "Rename it to what it is.")
    try:
        return pl.scan_parquet(file, glob=False).collect_schema()
    except _DAMAGE as error:
        raise SourceError(
            f"{file} is truncated or damaged: {error}.", "Copy or write the file again."
        ) from error


def _check_alike(files: Sequence[Path]) -> None:
    schemas = [_read_schema(file) for file in files]
    for file, schema in zip(files, schemas, strict=True):
        _check_same(files[0], schemas[0], file, schema)


def _count_rows(file: Path) -> int:
    return int(pl.scan_parquet(file, glob=False).select(pl.len()).collect().item())


def _check_same(first: Path, expected: pl.Schema, file: Path, found: pl.Schema) -> None:
    for name in (*expected, *found):
        if expected.get(name) != found.get(name):
            raise SourceError(
                f"Column {name!r} is {_described(expected.get(name))} in {first} "
                f"but {_described(found.get(name))} in {file}.",
                "Give all files the same columns.",
            )


def _described(dtype: pl.DataType | None) -> str:
    return "missing" if dtype is None else f"of type {dtype}"


def _named(files: Sequence[Path]) -> str:
    return (
        str(files[0]) if len(files) == 1 else f"One of the {len(files)} files in {files[0].parent}"
    )
