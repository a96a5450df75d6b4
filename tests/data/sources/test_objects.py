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


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ('{"age": {"Bern": 1, "Genf": 2, "Biel": 3}, "m": {"Bern": 0.5, "Genf": 1, "Biel": 2}}', 3),
        ('{"0": {"0": 1, "1": 2, "2": 3}, "1": {"0": 1, "1": 2, "2": 3}}', 3),
        ('{"Bern": {"age": 1, "name": "x"}, "Genf": {"age": 2, "name": "y"}}', 2),
        ('{"columns": [0, 1], "index": [0, 1, 2], "data": [[1, 2], [3, 4], [5, 6]]}', 3),
        ('{"id": [1, 2], "meta": [{"k": 1}, {"k": 2}]}', 2),
        ('[{"a": NaN, "b": 1}, {"a": 2.5, "b": Infinity}]', 2),
    ],
)
def test_each_is_as_long_as_it_has_rows(tmp_path: Path, content: str, rows: int) -> None:
    path = tmp_path / "table.json"
    path.write_text(content)
    frame = open_source(path).read()
    assert (frame.height, frame.width) == (rows, 2)


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
        ("[" * 20_000, "is not JSON"),
        ("", "is empty"),
    ],
)
def test_what_holds_no_table_is_said(tmp_path: Path, content: str, expected: str) -> None:
    path = tmp_path / "table.json"
    path.write_text(content)
    with pytest.raises(SourceError, match=expected):
        open_source(path).read()
