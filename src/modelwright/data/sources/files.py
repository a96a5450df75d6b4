"""Find a file, read it, and say what it is when it is not what its name says."""

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from modelwright.data.sources.base import Deferred, Opener, Reading
from modelwright.data.sources.selection import Selection
from modelwright.errors import SourceError, nearest

WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
"""How the names of workbooks end, in small letters."""
_MAGIC = (
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "an Arrow file"),
    (b"SQLite format 3\0", "a SQLite database"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or Excel workbook"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"version https://git-lfs", "a Git LFS pointer, not the data itself"),
)


def whole_file(read: Callable[[Path], Reading]) -> Opener:
    """Return an opener for a kind of file that holds one table.

    Parameters
    ----------
    read
        Reads the file.
    """

    def open_file(address: str, selection: Selection) -> Deferred:
        selection.check_empty(address)
        return Deferred(address, partial(read, find_file(address)))

    return open_file


def find_file(address: str) -> Path:
    """Return the path of a file that is there.

    Raises
    ------
    SourceError
        When there is no such file; the nearest name in that folder is offered.

    Examples
    --------
    >>> find_file("no-such-folder/flights.csv")
    Traceback (most recent call last):
    ...
    modelwright.errors.SourceError: There is no folder no-such-folder. ...
    """
    path = find(address)
    if path.is_dir():
        raise SourceError(f"{path} is a folder.", "Name one file, or a folder of Parquet files.")
    return path


def find_database(address: str) -> Path:
    """Return the path of a database file, given as a path or as ``duckdb:///path``.

    After three slashes stands a relative path, after four an absolute one; an absolute path after
    three slashes is understood too.

    Raises
    ------
    SourceError
        When there is no such file.
    """
    path = re.sub(r"^\w+:///?", "", address)
    if path != address and not Path(path).exists() and Path("/", path).exists():
        path = f"/{path}"
    return find_file(path)


def find(address: str) -> Path:
    """Return the path of a file or folder that is there, as `find_file` does."""
    path = Path(address).expanduser()
    with access(path):
        missing = next(
            (part for part in (*reversed(path.parents), path) if not part.exists()), None
        )
        if missing is None:
            return path
        kind = "file" if missing == path else "folder"
        names = sorted(entry.name for entry in missing.parent.iterdir())
        remedy = nearest(missing.name, names) if names else f"{missing.parent} is empty."
    raise SourceError(f"There is no {kind} {missing}.", remedy)


@contextmanager
def access(path: Path) -> Iterator[None]:
    """Turn what the operating system refuses into a `SourceError`."""
    try:
        yield
    except PermissionError as error:
        raise SourceError(
            f"{path} cannot be read: permission denied.", f"Run: chmod u+r '{path}'"
        ) from error
    except NotADirectoryError as error:
        raise SourceError(f"{path} leads through a file as if it were a folder.") from error
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror or error}.") from error


def read_head(path: Path, size: int = 512) -> bytes:
    """Return the first bytes of a file.

    Raises
    ------
    SourceError
        When the file is empty or cannot be read.
    """
    with access(path), path.open("rb") as file:
        head = file.read(size)
    if not head:
        raise SourceError(f"{path} is empty (zero bytes).", "Write the table again.")
    return head


def read_unpacked(path: Path) -> tuple[bytes, tuple[str, ...]]:
    """Return the bytes of a file, unpacked when it is gzip or a ZIP archive of one file.

    Returns
    -------
    tuple
        The bytes, and a sentence when they were packed.

    Raises
    ------
    SourceError
        When the file is empty, damaged, cannot be read, or is an archive of several files.
    """
    head = read_head(path)
    with access(path):
        raw = path.read_bytes()
    try:
        if head.startswith(b"\x1f\x8b"):
            raw, packing = gzip.decompress(raw), "gzip"
        elif head.startswith(b"PK\x03\x04"):
            raw, packing = _unzip(path, raw), "zip"
        else:
            return raw, ()
    except (
        EOFError,
        OSError,
        zlib.error,
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise SourceError(
            f"{path} is a damaged archive: {error}.", "Copy or download it again."
        ) from error
    if not raw:
        raise SourceError(f"The file in {path} is empty (zero bytes).", "Write the table again.")
    return raw, (f"Unpacked from {packing}.",)


def what_is(head: bytes) -> str | None:
    """Name what a file is by its first bytes, or return None when they say nothing.

    Examples
    --------
    >>> what_is(b"PAR1...")
    'a Parquet file'
    >>> what_is(b"a,b,c")
    """
    if head[8:12] == b"DUCK":
        return "a DuckDB database"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith((b"<!doctype html", b"<html")):
        return "an HTML page"
    return next((what for magic, what in _MAGIC if head.startswith(magic)), None)


def refuse_foreign(path: Path, head: bytes, expected: str) -> None:
    """Raise when the first bytes show that a file is not what its name says.

    Parameters
    ----------
    path
        Printed in the message.
    head
        The first bytes, at least 32 of them where the file has as many.
    expected
        What the file should be, for example ``"a table of text"``.
    """
    found = what_is(head)
    if found is not None:
        raise SourceError(
            f"{path} is {found}, but its name says {expected}.",
            "Rename it to what it is, or fetch the data again.",
        )


def _unzip(path: Path, raw: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
        if len(names) != 1:
            shown = ", ".join(repr(name) for name in names[:5])
            raise SourceError(
                f"{path} is a ZIP archive of {len(names)} files ({shown}), expected one.",
                "Unpack it and name the file.",
            )
        return archive.read(names[0])
