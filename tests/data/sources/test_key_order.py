"""Columns stand as a file names them, whatever order Polars merges lines in."""

import json
from pathlib import Path

from modelwright.data.pieces.lines import lines_pieces
from modelwright.data.sources.open import open_source

_NAMES = [f"{letter}{number}" for number in range(4) for letter in "qazwsx"]


def test_columns_and_fields_stand_as_the_file_has_them_first(tmp_path: Path) -> None:
    path = tmp_path / "table.jsonl"
    rows = [
        dict.fromkeys(_NAMES[:12]) | {"inside": {"y": 1, "b": None}},
        dict.fromkeys(_NAMES, 1) | {"inside": {"a": 2, "b": 1}, "last": [{"z": 1, "c": 2}]},
    ]
    path.write_text("\n".join(map(json.dumps, rows)))
    wanted = [*_NAMES[:12], "inside.y", "inside.b", "inside.a", *_NAMES[12:]]
    assert open_source(path).read().columns[: len(wanted)] == wanted
    pieces = lines_pieces(path, size=1)
    assert pieces is not None
    assert list(pieces.schema) == [*_NAMES[:12], "inside", *_NAMES[12:], "last"]
