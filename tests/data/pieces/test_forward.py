"""Files of large groups are read from their beginning, with the same rows in the same types."""

from datetime import UTC, datetime
from decimal import Decimal

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from modelwright.data.pieces.base import Mark
from modelwright.data.pieces.forward import Forward, has_large_groups
from modelwright.data.pieces.open import open_pieces
from modelwright.data.pieces.parquet import parquet_pieces
from modelwright.errors import SourceError

ROWS = 37
TABLE = pl.DataFrame(
    {
        "id": range(ROWS),
        "name": ["a", None, "Größe"] * 12 + ["z"],
        "level": pl.Series(["x", "y", "x"] * 12 + [None], dtype=pl.Enum(["x", "y"])),
        "kind": pl.Series(["p", "q", None] * 12 + ["p"], dtype=pl.Categorical),
        "price": pl.Series([Decimal("1.50"), None, Decimal("2")] * 12 + [None]),
        "at": [datetime(2026, 1, 1, 2, 3, 4, 5, tzinfo=UTC)] * ROWS,
    }
)


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setattr("modelwright.data.pieces.forward._LARGE_ROWS", 10)
    TABLE.write_parquet(path := tmp_path / "t.parquet", row_group_size=20)
    assert has_large_groups(path)
    return path


@pytest.mark.parametrize("size", [1, 7, 20, 50])
@pytest.mark.parametrize("done", [0, 2])
def test_pieces_are_the_whole(path, size, done):
    pieces = list(open_pieces(str(path), size=size).after(Mark(pieces=done)))
    assert all(piece.forward for piece in pieces)
    rest = TABLE[done * size :]
    if rest.height:
        assert_frame_equal(pl.concat([piece.read() for piece in pieces]), rest)


def test_pieces_come_in_any_order_and_again(path):
    pieces = list(parquet_pieces(str(path), size=5, columns=("at", "id")).after(Mark()))
    for at in (3, 0, 7, 7, 1):
        expected = TABLE.select("at", "id")[5 * at : 5 * at + 5]
        assert_frame_equal(pieces[at].read(), expected)


def test_a_file_that_was_written_anew_is_read_anew(path):
    (first, *_) = open_pieces(str(path), size=5).after(Mark())
    first.read()
    TABLE.reverse().write_parquet(path)
    assert first.read()["id"].to_list() == [36, 35, 34, 33, 32]


def test_damage_is_told(path):
    forward = Forward(path, None)
    forward.read(0, 5)
    whole = path.read_bytes()
    path.write_bytes(whole[:40] + b"\0" * 200 + whole[240:])
    with pytest.raises(SourceError, match="is damaged"):
        forward.read(0, 5)


def test_files_of_small_groups_are_read_piece_by_piece(path, monkeypatch):
    monkeypatch.setattr("modelwright.data.pieces.forward._LARGE_ROWS", 1_000)
    assert not any(piece.forward for piece in open_pieces(str(path)).after(Mark()))
