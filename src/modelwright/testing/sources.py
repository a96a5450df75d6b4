"""The contract of sources."""

from pathlib import Path

from modelwright.data.sources.base import Opener
from modelwright.data.sources.columns import are_plain
from modelwright.data.sources.selection import Selection
from modelwright.errors import SchemaError, SourceError

_NO_TABLE = Selection(table="no such table 5b1f")
_EVERYTHING = Selection()


def check_source(
    opener: Opener,
    address: str,
    *,
    nowhere: str,
    selection: Selection = _EVERYTHING,
    secret: str = "",
) -> None:
    """Check that a source keeps its contract.

    It must bring plain columns with names, the same rows each time and when it is opened again,
    tell its facts in sentences, and change no file. An address that leads nowhere and a table that
    is not there must end in a SourceError or a SchemaError. Nothing that it shows may tell a
    secret.

    Parameters
    ----------
    opener
        As it is registered.
    address
        Of a table that is there.
    nowhere
        An address of this kind at which there is nothing.
    selection
        What is wanted of the table.
    secret
        The password in the addresses, where there is one.

    Raises
    ------
    AssertionError
        With what is broken.
    """
    before = _bytes_at(address)
    source = opener(address, selection)
    table = source.read()
    assert table.columns, "It has no columns."
    assert all(table.columns), "Its columns need names."
    assert are_plain(table.schema), f"No model can read columns of {table.schema}."
    assert table.equals(source.read()), "It reads other rows the second time."
    again = opener(address, selection).read()
    assert table.equals(again), "Opened again, it reads other rows."
    assert before == _bytes_at(address), f"It changes {source.address}."
    for fact in source.facts:
        assert fact.endswith("."), f"A fact must end with a stop: {fact!r}."
    _keeps((source.address, repr(source), *source.facts), secret)
    for place, wanted in ((nowhere, selection), (address, _NO_TABLE)):
        _keeps((_refusal(opener, place, wanted),), secret)


def _refusal(opener: Opener, address: str, selection: Selection) -> str:
    """Return what is said where there is nothing to read."""
    try:
        opener(address, selection).read()
    except (SourceError, SchemaError) as error:
        return str(error)
    except Exception as error:
        raise AssertionError(f"It ends in a {type(error).__name__}, not a SourceError.") from error
    raise AssertionError("It reads a table where there is none.")


def _keeps(shown: tuple[str, ...], secret: str) -> None:
    for text in shown:
        assert not secret or secret not in text, f"It tells its secret: {text!r}."


def _bytes_at(address: str) -> bytes | None:
    path = Path(address)
    return path.read_bytes() if path.is_file() else None
