"""JSON files: the forms in which a table is one value, and what holds none."""

import json
from pathlib import Path

import pytest

from modelwright.data.sources.open import open_source
from modelwright.errors import SourceError

_ROWS = [{"age": 30, "city": "Bern"}, {"age": 40, "city": None}]
_COLUMNS = {"age": [30, 40], "city": ["Bern", None]}


@pytest.mark.parametrize(
    "value",
    [
        _ROWS,
        [["age", "city"], [30, "Bern"], [40, None]],
        _COLUMNS,
        {name: dict(enumerate(values)) for name, values in _COLUMNS.items()},
        {f"row {at}": row for at, row in enumerate(_ROWS)},
        {"columns": ["age", "city"], "index": [0, 1], "data": [[30, "Bern"], [40, None]]},
        {"count": 2, "page": {"next": None}, "results": _ROWS},
    ],
)
def test_each_form_is_the_same_table(tmp_path: Path, value: object) -> None:
    path = tmp_path / "table.json"
    path.write_text(json.dumps(value))
    frame = open_source(path).read()
    assert frame.columns == ["age", "city"]
    assert frame.rows() == [(30, "Bern"), (40, None)]


def test_lines_are_read_though_the_name_says_one_value(tmp_path: Path) -> None:
    path = tmp_path / "table.json"
    path.write_text("\n".join(map(json.dumps, _ROWS)))
    assert open_source(path).read().rows() == [(30, "Bern"), (40, None)]


def test_one_object_is_one_row(tmp_path: Path) -> None:
    path = tmp_path / "table.json"
    path.write_text('{"age": 30}')
    assert open_source(path).read().rows() == [(30,)]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("[1, 2]", "a list of something else than objects, and no table. Write a list of objects"),
        ("[]", "a list of something else"),
        ('"text"', "a single value"),
        ('{"a": [1], "b": [1, 2]}', "an object without rows"),
        ('[["a", "b"], [1]]', "a list of lists below their names, and no table"),
        ("[{]", "is not JSON"),
        ("", "is empty"),
    ],
)
def test_what_holds_no_table_is_said(tmp_path: Path, content: str, expected: str) -> None:
    path = tmp_path / "table.json"
    path.write_text(content)
    with pytest.raises(SourceError, match=expected):
        open_source(path).read()
