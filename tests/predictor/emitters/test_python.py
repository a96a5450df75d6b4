"""The Python file and its wheel: docs/reference/python-file.md."""

import base64
import hashlib
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from importlib.util import module_from_spec, spec_from_file_location

import msgspec
import numpy as np
import pandas as pd
import polars as pl
import pytest

from example_bundle import BINARY, REGRESSION, ROWS, make_covered_bundle
from hostile_bundle import LABELS, hostile_bundle
from modelwright.data.records import columns_from_records
from modelwright.data.schema import Column, Kind, Schema
from modelwright.data.values.moments import QUARTER, WEEK, moment_of
from modelwright.predictor.emitters.parity import prove
from modelwright.predictor.emitters.python import PYTHON
from modelwright.predictor.emitters.replay import write_files

_RECORD = {"age": 39, "member": True, "job": "clerk", "seen": "2024-03-01T10:00:00"}
_SEEN = datetime(2024, 3, 1, 10, tzinfo=UTC)
_MICROSECONDS = 1_709_287_200_000_000
_MOMENTS = (
    "1970-01-01", "1969-12-31T23:59:59.999999Z", "2024-02-29 12:30+05:30", "1900-02-29",
    "0000-01-01", "0001-01-01T00", "9999-12-31T23:59:59.999999",
    "2024-01-01T10:00:00,123456789 UTC", "2024-01-01T10:00-1130", "2024-01-01T10:00+05:",
    "2024-13-01", "2024-1-1", "2024-01-01x", "2024-01-01T24:00", "2024-01-01T10:00:00.",
)  # fmt: skip


def _module(bundle, folder):
    write_files(PYTHON.emit(bundle), folder)
    (path,) = folder.glob("*_model.py")
    spec = spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[path.stem] = module  # where dataclasses look for it
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def bundle():
    return make_covered_bundle(BINARY)


@pytest.fixture(scope="module")
def model(bundle, tmp_path_factory):
    return _module(bundle, tmp_path_factory.mktemp("python"))


def test_hostile_names_are_only_names(tmp_path):
    parity = prove(PYTHON, hostile_bundle(), rows=200)
    assert parity.proven, parity
    assert parity.largest == 0.0
    assert _module(hostile_bundle(), tmp_path).LABELS == LABELS


def test_rows_may_come_in_many_forms(model, bundle):
    expected = bundle.program.run(columns_from_records(ROWS, bundle.schema))
    forms = (
        ROWS,
        {name: [row[name] for row in ROWS] for name in _RECORD},
        pd.DataFrame(ROWS),
        pd.DataFrame(ROWS).convert_dtypes(),
        pd.DataFrame(ROWS).astype({"job": "category"}),
        pl.DataFrame(ROWS, strict=False),
        pl.DataFrame(ROWS, strict=False).to_arrow(),
    )
    for rows in forms:
        answers = model.answer(rows)
        assert answers.probabilities.tolist() == expected.tolist()
        assert answers.labels == bundle.program.decide(expected)
        assert answers.sets(0.8) == bundle.program.sets(expected, 0.8)
        assert answers.sets() == bundle.program.sets(expected)
    assert model.answer([]).labels == []


@pytest.mark.parametrize(
    "seen",
    [
        _SEEN,
        _SEEN.replace(tzinfo=None),
        _SEEN.astimezone(timezone(timedelta(hours=-11))),
        np.datetime64("2024-03-01T10:00:00", "ns"),
        pd.Timestamp("2024-03-01T11:00:00+01:00"),
        _MICROSECONDS,
        np.int64(_MICROSECONDS),
        " 2024-03-01 10:00 ",
    ],
)
def test_moments_may_be_of_many_types(model, seen):
    expected = model.run([_RECORD]).tolist()
    assert model.run([_RECORD | {"seen": seen}]).tolist() == expected
    assert model.run([_RECORD | {"seen": date(2024, 3, 1)}]).tolist() == expected


@pytest.mark.parametrize("nothing", [None, float("nan"), np.nan, pd.NA, pd.NaT, "", " ? "])
def test_what_is_missing_may_be_of_many_types(model, nothing):
    expected = model.run([{}]).tolist()
    assert model.run([dict.fromkeys(_RECORD, nothing)]).tolist() == expected
    assert model.run({"age": [nothing]}).tolist() == expected
    assert model.run({"seen": np.array(["NaT"], dtype="datetime64[ns]")}).tolist() == expected


def test_texts_of_moments_are_read_as_the_server_reads_them(model):
    column = model._COLUMNS[3]
    for text in _MOMENTS:
        expected = moment_of(text)
        if expected is None:
            with pytest.raises(ValueError, match="Give a datetime"):
                model._read_moment(column, text)
        else:
            assert model._read_moment(column, text) == expected


@pytest.mark.parametrize(
    ("form", "values"),
    [
        (QUARTER, ("2024Q3", "q1 2023", "2024-Q4", "NA")),
        (WEEK, ("2024-W05", "KW 7/2023", "2020-W53-7", "Week 1 2021")),
        ("%Y", ("2024", 1998, 2001.0, "2003.0", "NA")),
        ("%Y%m", ("202412", 200002, "200101.0", None)),
        ("unix s", (1700000000, "1700000000.25", 1.6e9, "-", 0)),
        ("unix ms", ("1700000000123", 1.7e12, None)),
        ("unix us", ("1700000000123456", 1700000000123456)),
        ("unix ns", ("1700000000123456789", 1700000000123456789)),
    ],
)
def test_periods_and_counts_are_read_as_the_server_reads_them(form, values, bundle, tmp_path):
    *others, seen = bundle.schema
    schema = Schema(columns=(*others, msgspec.structs.replace(seen, datetime_format=form)))
    model = _module(replace(bundle, schema=schema, cases=[]), tmp_path)
    expected = columns_from_records([{"seen": value} for value in values], schema)["seen"]
    assert model._read(model._COLUMNS[3], values, len(values)).tolist() == expected.tolist()
    with pytest.raises(ValueError, match="Give a datetime"):
        model._read_moment(model._COLUMNS[3], "2023-W53")


@pytest.mark.parametrize(
    ("unit", "values"),
    [
        ("kg", ("12.5 kg", "8kgs", "kg 3", "$1,200 kg", "7", 6, None, "NA", "n/a")),
        ("a", ("n/a", "12 a", "3as")),
        ("1.234,5", ("24\u00a0272,96 €", "\u22121,5", "7", "1.234.567,8-", "-0,25", "CHF 1'000")),
        ("1.234,5", ("2,125", "1.234", "1.5", "1.234.567.890.123,5")),
        ("1h 20m", ("2h 50m", "PT1H30M15S", "19 hrs", "1.5", "NA")),
        ("1.5M", ("€110.5M", "565k", "10,000+", "<0.5", "1.2 Cr", "≥ 3", "7")),
        ("(12)", ("(1,250.5)", "$ (3)", "($7)", "-2", "-$2", "$4", "5")),
        ("8 GB", ("8GB", "512 MB", "1.5TiB", "64 kB", "100 bytes", "3")),
        ("12 ...", ("190Nm@ 2000rpm", "120/80", "7", "66 kW (90 PS, größer)")),
        ("2nd number", ("51.5, -0.12", "120/80", "3 - 5 years", "cpu=4; ram=1,600.5", "7", None)),
        ("2nd comma number", ("51,5; -0,12", "3,4 x 5,25 cm", "7", "120/80", None)),
        ("h:mm", ("14:35", "7:02:30.9", "12:15 AM", "12:15 p.m.", "99:00", "1.5", 2, "-")),
    ],
)
def test_numbers_beside_a_unit_are_read_as_the_server_reads_them(unit, values, bundle, tmp_path):
    age, *others = bundle.schema
    schema = Schema(columns=(msgspec.structs.replace(age, unit=unit), *others))
    model = _module(replace(bundle, schema=schema, cases=[]), tmp_path)
    expected = columns_from_records([{"age": value} for value in values], schema)
    found = model._read(model._COLUMNS[model.COLUMNS.index("age")], values, len(values))
    assert repr(found.tolist()) == repr(expected["age"].tolist())


def test_every_kind_of_column_is_read_as_the_server_reads_it(bundle, tmp_path):
    columns = (
        Column(name="age", kind=Kind.NUMERIC, missing_tokens=("-999", "old")),
        Column(name="member", kind=Kind.BOOLEAN, missing_tokens=("9",)),
        Column(name="job", kind=Kind.CODED, missing_tokens=("-9",)),
        Column(name="seen", kind=Kind.DATETIME, datetime_format="%d %b %y %I:%M %p"),
    )
    schema = Schema(columns=columns)
    bundle = replace(bundle, schema=schema, cases=[])
    model = _module(bundle, tmp_path)
    sent = {
        "age": (-999, "-999.0", "old", "$1,234.5", "12 %", "NA", 1e300, "inf", "-"),
        "member": ("Yes", "f", 1.0, 0, -0.0, "1.0", 9, "9.0", False, "--"),
        "job": (20, 20.0, "20.0", "-07.00", -9.0, "-9", 1e5, 0.1, True, 1e300),
        "seen": ("3 mar 24 11:00 pm", "31 DECEMBER 68 12:30 AM", "NaT", None),
    }
    for name, values in sent.items():
        expected = columns_from_records([{name: value} for value in values], schema)[name]
        found = model._read(model._COLUMNS[model.COLUMNS.index(name)], values, len(values))
        assert repr(found.tolist()) == repr(expected.tolist())


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([_RECORD, {"agee": 1}], "no column 'agee'. Did you mean 'age'?"),
        ({"quite another": [1]}, "no column 'quite another'. Leave it out."),
        ([_RECORD, {"age": "old"}], "'age' is 'old' in row 2. Give a number or None."),
        ([{"age": 10**400}], "Give a number or None."),
        ([{"age": True}], "Give a number or None."),
        ([{"member": "perhaps"}], "Give True, False, 0, 1 or None."),
        ([{"job": ["clerk"]}], "Give a text, a number, or None."),
        ([{"seen": "yesterday"}], "Give a datetime, a text in ISO 8601, or None."),
        ([{"seen": True}], "Give a datetime"),
        ({"age": 39}, "Give a list of rows"),
        ({"age": [1], "job": ["a", "b"]}, "Columns differ in length"),
        ({"age": np.array([True])}, "Give a number or None."),
        ({"age": np.zeros((2, 2))}, "has 2 dimensions. Give one."),
        (["clerk"], "Give a dictionary, or columns by name."),
    ],
)
def test_what_cannot_be_read_is_refused(model, rows, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        model.answer(rows)


def test_a_level_that_is_not_offered_is_refused(model):
    with pytest.raises(ValueError, match=r"Give one of 0\.8, 0\.9\."):
        model.answer([_RECORD]).sets(0.5)


def test_numbers_have_ranges_and_must_be_finite(tmp_path):
    bundle = make_covered_bundle(REGRESSION)
    model = _module(bundle, tmp_path)
    expected = bundle.program.run(columns_from_records(ROWS, bundle.schema))
    answers = model.answer(ROWS)
    assert answers.numbers.tolist() == expected[:, 0].tolist()
    assert answers.ranges(0.8).tolist() == bundle.program.ranges(expected, 0.8).tolist()
    assert answers.ranges().tolist() == bundle.program.ranges(expected).tolist()


def test_a_wheel_is_made_by_the_standard_library(bundle, tmp_path):
    _module(bundle, tmp_path)
    for folder in ("dist", "again"):
        (tmp_path / folder).mkdir()
        code = f"import make_wheel; make_wheel.build_wheel({folder!r})"
        subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    # Made at midnight of the first of January.
    name = "left_model-2026.1.1.0-py3-none-any.whl"
    assert (tmp_path / "dist" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
    with zipfile.ZipFile(tmp_path / "dist" / name) as wheel:
        files = {path: wheel.read(path) for path in wheel.namelist()}
    about = "left_model-2026.1.1.0.dist-info"
    assert files["left_model.py"] == (tmp_path / "left_model.py").read_bytes()
    assert files[f"{about}/METADATA"].count(b"Requires-Dist: ") == 1
    for line in files[f"{about}/RECORD"].decode().splitlines():
        path, digest, size = line.split(",")
        if digest:
            wanted = base64.urlsafe_b64encode(hashlib.sha256(files[path]).digest()).decode()
            assert (digest, int(size)) == (f"sha256={wanted.rstrip('=')}", len(files[path]))


def test_the_example_answers_and_columns_that_are_not_read_may_be_given(tmp_path):
    bundle = make_covered_bundle(REGRESSION)
    same = Column(name="same", kind=Kind.CONSTANT)
    bundle = replace(bundle, schema=Schema(columns=(*bundle.schema.columns, same)))
    model = _module(bundle, tmp_path)
    assert model.run([{"same": "x"}]).tolist() == model.run([{}]).tolist()
    done = subprocess.run(
        [sys.executable, "example.py"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[1].startswith("between ")
