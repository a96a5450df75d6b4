"""The one door to tables in pieces."""

from functools import partial
from pathlib import Path

from modelwright.data.pieces.base import ROWS, Pieces
from modelwright.data.pieces.database import DatabasePieces
from modelwright.data.pieces.lines import lines_pieces
from modelwright.data.pieces.parquet import parquet_pieces
from modelwright.data.pieces.stamp import stamp_of
from modelwright.data.pieces.whole import WholePieces
from modelwright.data.sources.databases import SERVER, is_database
from modelwright.data.sources.files import access, find_database, read_head, what_is
from modelwright.data.sources.open import open_source
from modelwright.data.sources.parquet import SUFFIXES as PARQUET
from modelwright.data.sources.selection import Selection
from modelwright.data.sources.url import DatabaseUrl
from modelwright.errors import SourceError

_DELIMITED = (".csv", ".tsv", ".tab", ".txt")
_LINES = (".jsonl", ".ndjson")


def open_pieces(
    address: str,
    *,
    table: str | None = None,
    query: str | None = None,
    key: str = "",
    size: int = ROWS,
) -> Pieces:
    """Open a table to read it a piece at a time.

    Parquet, CSV in UTF-8, JSON Lines and databases are read so; anything else is read whole.

    Parameters
    ----------
    address
        As for `open_source`; also a folder of CSV files.
    table, query
        As for `open_source`.
    key
        The column that tells a row of a database from all others; its rows come in its order.
    size
        Rows of a piece.

    Raises
    ------
    SourceError
        When there is no such file, or nothing reads such an address.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from modelwright.data.pieces.base import Mark
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "a.csv").write_text("x\\n1\\n2\\n3\\n")
    ...     pieces = open_pieces(f"{folder}/a.csv", size=2)
    ...     [piece.read().height for piece in pieces.after(Mark())]
    [2, 1]
    """
    selection = Selection(table, query)
    if found := _database(address, selection, key, size):
        return found
    if (pieces := _files(address, selection, size)) is not None:
        return pieces
    source = open_source(address, table=table, query=query)
    path = Path(address).expanduser()
    return WholePieces(source, stamp_of([path]) if path.exists() else "", size)


def _database(address: str, selection: Selection, key: str, size: int) -> DatabasePieces | None:
    """Return a table of a database; the libraries that read one are imported only now."""
    scheme = SERVER.match(address)
    if not is_database(address):
        return None
    whole = open_source(address, table=selection.table, query=selection.query)
    if scheme and scheme[1].lower().startswith("postgres"):
        from modelwright.data.sources.postgresql import stream_postgresql
        from modelwright.data.sources.postgresql_address import POSTGRESQL

        url = DatabaseUrl.parse(address, POSTGRESQL)
        return DatabasePieces(
            url.shown, partial(stream_postgresql, url, selection), whole, key, size
        )
    if scheme:
        from modelwright.data.sources.mysql import stream_mysql
        from modelwright.data.sources.mysql_address import parse_address

        url = parse_address(address)
        return DatabasePieces(url.shown, partial(stream_mysql, url, selection), whole, key, size)
    path = find_database(address)
    if what_is(read_head(path)) == "a DuckDB database":
        from modelwright.data.sources.duckdb import stream_duckdb

        read = partial(stream_duckdb, path, selection, rows=size)
        return DatabasePieces(address, read, whole, key, size)
    from modelwright.data.sources.sqlite import stream_sqlite

    read = partial(stream_sqlite, path, selection, rows=size)
    return DatabasePieces(address, read, whole, key, size)


def _files(address: str, selection: Selection, size: int) -> Pieces | None:
    path = Path(address).expanduser()
    with access(path):
        is_folder = path.is_dir()
    inside = _delimited_inside(path) if is_folder else ()
    is_many = is_folder or bool(set("*?[") & set(address) and not path.exists())
    if not (inside or is_many or _suffix(address) in (*PARQUET, *_DELIMITED, *_LINES)):
        return None
    selection.check_empty(address)
    if inside:
        pieces = _delimited(address, inside, size)
        if pieces is None:
            raise SourceError(
                f"{address} holds delimited text that is packed, is no UTF-8 or has no commas.",
                "Name one file, or write the files as UTF-8 with commas.",
            )
        return pieces
    if is_many or _suffix(address) in PARQUET:
        return parquet_pieces(address, size=size)
    if not path.is_file():
        return None  # open_source says what is wrong
    if _suffix(address) in _LINES:
        return lines_pieces(path, size=size)
    return _delimited(address, (path,), size)


def _delimited(address: str, files: tuple[Path, ...], size: int) -> Pieces | None:
    """Open delimited text; the library that reads it, 53 MB of memory, is imported only now."""
    from modelwright.data.pieces.delimited import delimited_pieces

    return delimited_pieces(address, files, size=size)


def _delimited_inside(folder: Path) -> tuple[Path, ...]:
    """Return the files of a folder where they are delimited text and no Parquet is among them."""
    with access(folder):
        files = [
            file
            for file in sorted(folder.rglob("*"))
            if not any(part.startswith((".", "_")) for part in file.relative_to(folder).parts)
        ]
    if any(file.suffix.lower() in PARQUET for file in files):
        return ()
    return tuple(file for file in files if file.suffix.lower() in _DELIMITED)


def _suffix(address: str) -> str:
    return Path(address).suffix.lower()
