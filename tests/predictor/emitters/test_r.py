import json
import os
import shutil
import subprocess
from dataclasses import replace

import msgspec
import numpy as np
import pytest

from example_bundle import BINARY, MULTICLASS, REGRESSION, ROWS, make_bundle, make_covered_bundle
from hostile_bundle import LABELS, NUMBERS, hostile_bundle
from modelwright.data.records import MISSING_DATETIME, columns_from_records
from modelwright.data.schema import Column, Kind, Schema
from modelwright.data.values.moments import QUARTER, WEEK
from modelwright.errors import SchemaError
from modelwright.predictor.emitters.parity import prove
from modelwright.predictor.emitters.r import R, literal
from modelwright.predictor.emitters.replay import write_files

pytestmark = pytest.mark.skipif(shutil.which("Rscript") is None, reason="there is no Rscript")

_LOCALES = ("C", "C.UTF-8")
_MOMENTS = (
    "1970-01-01", "1969-12-31T23:59:59.999999Z", "2024-02-29 12:30+05:30", "1900-02-29",
    "0000-01-01", "0001-01-01T00", "9999-12-31T23:59:59.999999",
    "2024-01-01T10:00:00,123456789 UTC", "2024-01-01T10:00-1130", "2024-01-01T10:00+05:",
    "2024-13-01", "2024-1-1", "2024-01-01x", "2024-01-01T24:00", "2024-01-01T10:00:00.", "é",
)  # fmt: skip
_SENT = {
    "age": (
        "-999.0",
        "old",
        "$1,234.5",
        "12 %",
        "€ 5",
        "NA",
        "1e300",
        "inf",
        "-",
        " \u00a07\u3000",
    ),
    "member": ("Yes", "f", "TRUE", "0", "-0.0", "1.0", "9.0", "--"),
    "job": ("20.0", "-07.00", "-9.0", "é ", "\u2003x", "?", "1.0\n", "日本"),
    "seen": ("3 mar 24 11:00 pm", "31 DECEMBER 68 12:30 AM", "29 Feb 00 1:00 am", "NaT"),
}
_NUMBERS = {
    "age": (1.5, -999, 1e300),
    "member": (1, 0, 9),
    "job": (20, 1e5, 0.1, 1e-5, 1e300, 123456.789, 1 / 3, 2**53, -9, -0.0, 1e19, 9.3e18, 2**62),
}
_REFUSED = {
    'data.frame(agee = "1")': "knows no column 'agee'. It reads 'age', 'member',",
    'list(age = c("1", "old"))': "'age' holds 'old'. Give a number, or NA.",
    "list(age = c(NA, TRUE))": "'age' holds 'TRUE'. Give a number, or NA.",
    "list(age = Sys.time())": "'age' is of the class POSIXct. Give numbers.",
    'list(member = c(TRUE, "perhaps"))': "'member' holds 'perhaps'. Give TRUE, FALSE",
    "list(member = 2)": "'member' holds '2'. Give TRUE, FALSE",
    "list(job = Sys.Date())": "'job' is of the class Date. Give a text",
    "list(job = list(1, 2))": "'job' holds '1'. Give a text",
    'list(seen = "yesterday")': "'seen' holds 'yesterday'. Give a Date, a POSIXct, a text",
    "list(seen = 5)": "'seen' holds '5'. Give a Date",
    "list(age = 1:3, job = 'a')": "'job' does not have 3 values.",
}


def _said(folder, code, locale="C"):
    done = subprocess.run(
        ["Rscript", "-e", code],
        cwd=folder,
        capture_output=True,
        env={**os.environ, "LC_ALL": locale},
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("r")
    write_files(R.emit(make_covered_bundle(BINARY)), folder)
    return folder


@pytest.mark.parametrize("locale", _LOCALES)
def test_hostile_names_are_only_names_in_any_locale(locale, monkeypatch):
    monkeypatch.setenv("LC_ALL", locale)
    parity = prove(R, hostile_bundle(), rows=150)
    assert parity.proven, parity


@pytest.mark.parametrize("locale", _LOCALES)
def test_names_and_labels_are_those_of_the_table(locale, tmp_path):
    write_files(R.emit(hostile_bundle()), tmp_path)
    names = ", ".join(map(literal, NUMBERS))
    code = f"""
    {_sourced(tmp_path)}
    rows <- as.data.frame(matrix(0.5, 2, {len(NUMBERS)}))
    names(rows) <- c({names})
    answers <- {_name(tmp_path)}_model$predict(rows)
    writeLines(names(answers)[-1], useBytes = TRUE)
    """
    assert _said(tmp_path, code, locale) == "".join(f"{label}\n" for label in LABELS)


@pytest.mark.parametrize("locale", _LOCALES)
def test_every_kind_of_column_is_read_as_the_server_reads_it(locale, tmp_path):
    schema = Schema(
        columns=(
            Column(name="age", kind=Kind.NUMERIC, missing_tokens=("-999", "old")),
            Column(name="member", kind=Kind.BOOLEAN, missing_tokens=("9",)),
            Column(name="job", kind=Kind.CODED, missing_tokens=("-9",)),
            Column(name="seen", kind=Kind.DATETIME, datetime_format="%d %b %y %I:%M %p"),
        )
    )
    write_files(R.emit(replace(make_bundle(), schema=schema, cases=[])), tmp_path)
    asked = [(name, sent[name]) for sent in (_SENT, _NUMBERS) for name in sent]
    code = "".join(
        f"show(read({schema.names.index(name) + 1}, c({', '.join(map(literal, values))})));"
        for name, values in asked
    )
    said = _said(tmp_path, _TOLD + _sourced(tmp_path) + code, locale).splitlines()
    for (name, values), line in zip(asked, said, strict=True):
        read = columns_from_records([{name: value} for value in values], schema)
        assert _read(line) == [_plain(value) for value in read[name].tolist()]


@pytest.mark.parametrize("locale", _LOCALES)
@pytest.mark.parametrize(
    ("unit", "values"),
    [
        ("°C", ("12.5 °C", "8°Cs", "°C 3", "€1,200 °C", "7", "NA", "n/a")),
        ("1.234,5", ("24\u00a0272,96 €", "\u22121,5", "7", "1.234.567,8-", "-0,25", "CHF 1'000")),
        ("1.234,5", ("2,125", "1.234", "1.5", "1.234.567.890.123,5")),
        ("1h 20m", ("2h 50m", "PT1H30M15S", "19 hrs", "1.5", "NA")),
        ("1.5M", ("€110.5M", "565k", "10,000+", "<0.5", "1.2 Cr", "≥ 3", "7")),
        ("(12)", ("(1,250.5)", "$ (3)", "($7)", "-2", "-$2", "$4", "5")),
        ("8 GB", ("8GB", "512 MB", "1.5TiB", "64 kB", "100 bytes", "3")),
        ("12 ...", ("190Nm@ 2000rpm", "120/80", "7", "66 kW (90 PS, größer)")),
        ("2nd number", ("51.5, -0.12", "120/80", "3 - 5 years", "cpu=4; ram=1,600.5", "7")),
        ("2nd comma number", ("51,5; -0,12", "3,4 x 5,25 cm", "7", "120/80")),
        ("h:mm", ("14:35", "7:02:30.9", "12:15 AM", "12:15 p.m.", "99:00", "1.5", "-")),
    ],
)
def test_numbers_beside_a_unit_are_read_as_the_server_reads_them(unit, values, locale, tmp_path):
    age, *others = make_bundle().schema
    schema = Schema(columns=(msgspec.structs.replace(age, unit=unit), *others))
    write_files(R.emit(replace(make_bundle(), schema=schema, cases=[])), tmp_path)
    place, texts = schema.names.index("age") + 1, ", ".join(map(literal, values))
    (line,) = _said(
        tmp_path, _TOLD + _sourced(tmp_path) + f"show(read({place}, c({texts})));", locale
    ).splitlines()
    read = columns_from_records([{"age": value} for value in values], schema)
    assert _read(line) == [_plain(value) for value in read["age"].tolist()]


@pytest.mark.parametrize(
    ("form", "values"),
    [
        (QUARTER, ("2024Q3", "q1 2023", "2024-Q4", "NA")),
        (WEEK, ("2024-W05", "KW 7/2023", "2020-W53-7", "Week 1 2021")),
        ("%Y", (2024, 1998, 2001.0)),
        ("%Y%m", ("202412", "200002", "200101.0", "NA")),
        ("unix s", (1700000000, 1700000000.25, 1.6e9, 0)),
        ("unix ms", (1700000000123, 1.7e12)),
        ("unix us", (1700000000123456, 1.7e15)),
        ("unix ns", ("1700000000123456789", "-")),
    ],
)
def test_periods_and_counts_are_read_as_the_server_reads_them(form, values, tmp_path):
    columns = tuple(
        msgspec.structs.replace(each, datetime_format=form) if each.name == "seen" else each
        for each in make_bundle().schema
    )
    schema = Schema(columns=columns)
    write_files(R.emit(replace(make_bundle(), schema=schema, cases=[])), tmp_path)
    place, texts = schema.names.index("seen") + 1, ", ".join(map(literal, values))
    refused = f'tryCatch(read({place}, "2023-W53"), error = function(e) cat("refused\\n"))'
    code = f"show(read({place}, c({texts}))); {refused}"
    said = _said(tmp_path, _TOLD + _sourced(tmp_path) + code)
    assert said.splitlines()[1] == "refused"
    read = columns_from_records([{"seen": value} for value in values], schema)["seen"]
    assert _read(said.splitlines()[0]) == [_plain(value) for value in read.tolist()]


def test_moments_are_read_as_the_server_reads_them(folder):
    refused = 'tryCatch(show(read(4, c("2020-01-01", each))), error = function(e) cat("null\\n"))'
    code = f"for (each in c({', '.join(map(literal, _MOMENTS))})) {refused}"
    said = _said(folder, _TOLD + _sourced(folder) + code).splitlines()
    schema = make_bundle().schema
    for text, line in zip(_MOMENTS, said, strict=True):
        try:
            expected = columns_from_records([{"seen": text}], schema)["seen"].tolist()[0]
        except SchemaError:
            expected = None
        assert (None if line == "null" else _read(line)[1]) == expected, text


def test_moments_may_be_of_many_types(folder):
    code = """
    at <- as.POSIXct("2024-03-01 10:00:00.123456", tz = "UTC")
    show(read(4, c(at, NA)))
    show(read(4, as.POSIXct("2024-03-01 10:00", tz = "Asia/Kolkata")))
    show(read(4, as.POSIXlt("1969-12-31 23:59:59", tz = "UTC")))
    show(read(4, as.Date(c("2024-02-29", NA))))
    show(read(4, factor(c("2024-02-29", "9999-12-31T23:59:59.999999", NA))))
    """
    said = [*map(_read, _said(folder, _TOLD + _sourced(folder) + code).splitlines())]
    leap = 1_709_164_800_000_000
    assert said == [
        [1_709_287_200_123_456, None],
        [1_709_267_400_000_000],
        [-1_000_000],
        [leap, None],
        [leap, 253_402_300_799_999_999, None],
    ]


@pytest.mark.parametrize("task", [BINARY, MULTICLASS, REGRESSION])
def test_data_frames_are_answered(task, tmp_path):
    bundle = make_covered_bundle(task)
    write_files(R.emit(bundle), tmp_path)
    extra = "ranges" if task is REGRESSION else "sets"
    code = f"""
    {_sourced(tmp_path)}
    rows <- data.frame(
      seen = c("2024-03-01T10:00:00", "2024-12-31", NA, "1999-01-01 00:00:00"),
      age = c(39, 20.5, NA, 61), member = c(TRUE, FALSE, NA, TRUE),
      job = c("clerk", "cook", NA, "cook"), stringsAsFactors = TRUE
    )
    answers <- predict_left(rows)
    cat(sprintf("%.17g", as.matrix(answers[if (ncol(answers) > 1) -1 else 1])), "\\n")
    cat(sprintf("%.17g", 1 * as.matrix({extra}_left(answers, 0.8))), "\\n")
    cat(as.character(answers$answer), "\\n")
    stopifnot(nrow(predict_left(rows[0, ])) == 0)
    """
    numbers, held, answered = _said(tmp_path, code).splitlines()
    expected = bundle.program.run(columns_from_records(ROWS, bundle.schema))
    np.testing.assert_allclose(
        np.array(numbers.split(), dtype=float), expected.T.ravel(), rtol=1e-12
    )
    found = np.array(held.split(), dtype=float).reshape(-1, len(ROWS)).T
    if task is REGRESSION:
        np.testing.assert_allclose(found, bundle.program.ranges(expected, 0.8), rtol=1e-12)
    else:
        sets = bundle.program.sets(expected, 0.8)
        assert [tuple(np.array(task.classes)[row > 0]) for row in found] == sets
        assert answered.split() == [str(each) for each in bundle.program.decide(expected)]


def test_what_cannot_be_read_is_refused(folder):
    code = "".join(
        f"tryCatch(predict_left({rows}), error = function(e) cat(conditionMessage(e), '\\n'));"
        for rows in _REFUSED
    )
    said = _said(folder, _sourced(folder) + code).splitlines()
    for message, found in zip(_REFUSED.values(), said, strict=True):
        assert message in found


def test_the_example_answers(tmp_path):
    write_files(R.emit(make_covered_bundle(REGRESSION)), tmp_path)
    assert "low" in _said(tmp_path, 'source("example.R")')


_TOLD = """
read <- function(place, values) {
  model <- left_model
  model$read_cells(model$columns_read[[place]], values)
}
show <- function(cells) {
  said <- if (is.list(cells)) {
    sprintf("[%.0f, %.0f]", cells$days, cells$micros)
  } else if (is.numeric(cells)) {
    ifelse(is.infinite(cells), "1e999", sprintf("%.17g", cells))
  } else {
    paste0('"', cells, '"')
  }
  said[is.na(if (is.list(cells)) cells$days else cells)] <- "null"
  writeLines(paste0("[", paste(said, collapse = ", "), "]"), useBytes = TRUE)
}
"""


def _read(line):
    return [_moment(*each) if isinstance(each, list) else each for each in json.loads(line)]


def _moment(days, micros):
    return days * 86_400_000_000 + micros


def _plain(value):
    return None if value != value or value == MISSING_DATETIME else value


def _name(folder):
    (path,) = folder.glob("*_model.R")
    return path.name.removesuffix("_model.R")


def _sourced(folder):
    return f'source("{_name(folder)}_model.R");'
