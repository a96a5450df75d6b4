"""JSON Lines: types over all lines, nested objects, and lines that are broken."""

import gzip
import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwright.data.sources.open import open_source
from modelwright.errors import SchemaError, SourceError


def read(folder: Path, content: str | bytes) -> pl.DataFrame:
    path = folder / "table.jsonl"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_source(path).read()


def test_keys_may_be_missing_and_types_come_from_all_lines(tmp_path: Path) -> None:
    lines = ['{"a": 1}'] * 2000 + ['{"a": 1.5, "b": "x"}', "", '{"b": null}']
    frame = read(tmp_path, "\n".join(lines))
    assert frame.schema == {"a": pl.Float64, "b": pl.String}
    assert frame.height == 2002
    assert frame.tail(2).rows() == [(1.5, "x"), (None, None)]


def test_numbers_and_texts_become_text(tmp_path: Path) -> None:
    assert read(tmp_path, '{"a": 1}\n{"a": "x"}')["a"].to_list() == ["1", "x"]


def test_objects_are_flattened(tmp_path: Path) -> None:
    frame = read(tmp_path, '{"a": {"x": 1, "y": {"z": "u"}}}\n{"a": null}\n{"a": {"x": 2}}')
    assert frame.columns == ["a.x", "a.y.z"]
    assert frame.rows() == [(1, "u"), (None, None), (2, None)]


def test_byte_order_mark_and_gzip(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbf" + b'{"a": 1}\r\n').rows() == [(1,)]
    path = tmp_path / "packed.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"a": 1}'))
    assert open_source(path).read().rows() == [(1,)]


@pytest.mark.parametrize(
    ("content", "error", "expected"),
    [
        ("", SourceError, "is empty"),
        ("\n \n", SourceError, "blank lines"),
        ('{"a": 1}\nnope\n', SourceError, "line 2 is not JSON"),
        ('{"a": 1}\n\n{"a": 2', SourceError, "line 3 is not JSON"),
        ("[1, 2]\n", SourceError, "line 1 holds a list, expected an object"),
        ('{"a": 1}\n3\n', SourceError, "line 2 holds a number, expected an object"),
        (
            '{"a": 1}\n{"a": true}\n{"a": {"x": 1}}',
            SchemaError,
            "column 'a' is a number on line 1 but true or false on line 2",
        ),
        (
            '{"a": {"x": 1}}\n{"a": 3}\n',
            SchemaError,
            "'a' is an object on line 1 but a number on line 2",
        ),
        ('{"a": [1.5]}\n', SchemaError, "Column 'a' holds values of type List"),
        ('{"a.b": 1, "a": {"b": 2}}\n', SchemaError, "'a.b' occurs 2 times"),
        (b'{"a": "\xff"}\n{"a": "\xc3\xb6\xc3\xb6"}', SourceError, "offset 7 is not UTF-8"),
    ],
)
def test_broken_files_say_what_is_wrong(
    tmp_path: Path, content: str | bytes, error: type[Exception], expected: str
) -> None:
    with pytest.raises(error) as caught:
        read(tmp_path, content)
    assert expected in str(caught.value)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "n": st.none() | st.integers(-(2**63), 2**63 - 1),
                "t": st.none() | st.text(st.characters(codec="utf-8"), max_size=6),
                "b": st.none() | st.booleans(),
            }
        ),
        min_size=1,
        max_size=8,
    )
)
def test_round_trip(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, object]]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    frame = read(folder, "\n".join(json.dumps(row) for row in rows))
    assert frame.to_dicts() == rows
