"""What lies beside the view, and the view as a person makes it."""

import json
import runpy
import sqlite3
from dataclasses import replace

import msgspec
import numpy as np
import pytest

from example_bundle import BINARY, MULTICLASS, REGRESSION, make_bundle, make_covered_bundle
from modelwright.data.schema import Kind, Schema
from modelwright.predictor.emitters.replay import write_files
from modelwright.predictor.emitters.rows_file import rows_file
from modelwright.predictor.emitters.sql.emitter import SQL_EMITTERS
from modelwright.predictor.emitters.sql.refusal import UnwritableError
from modelwright.predictor.emitters.sql.sheet import Sheet
from modelwright.predictor.operations.activation import Activation
from modelwright.predictor.operations.linear import Linear
from modelwright.predictor.operations.numbers import RoundToFloat32
from modelwright.predictor.operations.text import TokenWeights
from modelwright.predictor.program import Input

EMITTERS = {each.name: each for each in SQL_EMITTERS}
SQLITE = EMITTERS["sql-sqlite"]


def view_of(bundle):
    """Return the rows of the view that the form's own statements make, and its columns."""
    files = SQLITE.emit(bundle)
    connection = sqlite3.connect(":memory:")
    for name in ("example.sql", "model.sql"):
        connection.executescript(files[name].decode())
    cursor = connection.execute("SELECT * FROM left_answers")
    found = cursor.fetchall()
    connection.close()
    return [each[0] for each in cursor.description], found


@pytest.mark.parametrize("task", [BINARY, MULTICLASS])
def test_a_view_of_classes(task):
    bundle = make_covered_bundle(task)
    names, found = view_of(bundle)
    count = len(task.classes)
    assert names[:2] == ["row_key", "answer"]
    assert names[2:] == [
        *(f"probability_{label}" for label in task.classes),
        *(f"may_be_{label}" for label in task.classes),
    ]
    program = bundle.program
    for (key, answer, *rest), case in zip(found, bundle.cases, strict=False):
        expected = np.array([case.expected])
        assert answer == program.decide(expected)[0]
        assert rest[:count] == pytest.approx(case.expected, abs=1e-12)
        held = [label for label, flag in zip(task.classes, rest[count:], strict=True) if flag]
        assert tuple(held) == program.sets(expected)[0]
        assert case.name == f"row {key}"


def test_a_view_of_numbers():
    bundle = make_covered_bundle(REGRESSION)
    names, found = view_of(bundle)
    assert names == ["row_key", "answer", "low", "high"]
    for (_, answer, *ends), case in zip(found, bundle.cases, strict=False):
        assert answer == pytest.approx(case.expected[0])
        assert ends == pytest.approx(bundle.program.ranges(np.array([case.expected]))[0])


@pytest.mark.parametrize("name", EMITTERS)
def test_the_same_bundle_gives_the_same_bytes(name):
    emitter, bundle = EMITTERS[name], replace(make_bundle(), hash="f00d")
    files = emitter.emit(bundle)
    assert files == emitter.emit(bundle)
    assert sorted(files) == ["README.md", "cases.rows", "example.sql", "model.sql", "replay.py"]
    assert b"f00d" in files["README.md"]
    compile(files["replay.py"], "replay.py", "exec")


def test_moments_that_no_database_is_told_are_left_out(tmp_path, capsys):
    bundle = make_bundle()
    zones = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00")
    records = [{"age": 39, "member": True, "job": "clerk", "seen": seen} for seen in zones]
    write_files(SQLITE.emit(bundle), tmp_path)
    (tmp_path / "far.rows").write_bytes(rows_file(bundle, records))
    assert runpy.run_path(str(tmp_path / "replay.py"))["main"](tmp_path / "far.rows") is False
    said = {"rows": 1, "differ": 0, "left_out": 2}
    assert said.items() <= json.loads(capsys.readouterr().out).items()


def test_a_row_is_answered_where_columns_compare_without_case():
    files = SQLITE.emit(make_bundle())
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE TABLE left_rows (row_key, age, member, job TEXT COLLATE NOCASE, seen)"
    )
    rows = [(1, 40, 0, "CLERK", "2024-06-01"), (2, 40, 0, "clerk ", 1_717_200_000_000_000)]
    connection.executemany("INSERT INTO left_rows VALUES (?, ?, ?, ?, ?)", rows)
    connection.executescript(files["model.sql"].decode())
    found = [each[0] for each in connection.execute("SELECT probability_yes FROM left_answers")]
    connection.close()
    program = make_bundle().program
    moments = np.full(2, 1_717_200_000_000_000)
    wanted = program.run(
        {
            "age": np.full(2, 40.0),
            "member": np.zeros(2),
            "job": np.array(["CLERK", "clerk"], dtype=object),
            "seen": moments,
        }
    )
    assert found == pytest.approx(wanted[:, 1].tolist())
    assert found[0] != found[1]


def refused(steps, inputs=None):
    bundle = make_bundle(REGRESSION)
    program = msgspec.structs.replace(
        bundle.program,
        inputs=inputs or bundle.program.inputs,
        steps=steps,
        answer=steps[-1].output,
    )
    return {emitter.refusal(replace(bundle, program=program)) for emitter in SQL_EMITTERS}


def test_free_text_is_refused():
    step = TokenWeights(
        inputs=("column:job",),
        output="answer",
        analyzer="word",
        lengths=(1, 1),
        vocabulary=("a",),
        rarity=np.ones(1),
        weights=np.ones((1, 1)),
    )
    reasons = refused((step,), inputs=(Input(name="job", type="string"),))
    assert reasons == {"'job' is free text, and SQL has no words of a text."}


def test_moments_that_are_numbers_are_refused():
    bundle = make_bundle(REGRESSION)
    columns = tuple(
        msgspec.structs.replace(each, datetime_format="unix s")
        if each.kind == Kind.DATETIME
        else each
        for each in bundle.schema
    )
    bundle = replace(bundle, schema=Schema(columns=columns))
    for emitter in SQL_EMITTERS:
        assert "holds moments as numbers" in emitter.refusal(bundle)


def test_rounded_numbers_are_for_trees_only():
    rounded = RoundToFloat32(inputs=("column:age",), output="rounded")
    (reason,) = refused((rounded,))
    assert "not every database rounds so." in reason


def test_a_wide_network_is_refused():
    wide = Linear(
        inputs=("column:age",), output="wide", weights=np.ones((1, 401)), bias=np.zeros(401)
    )
    bent = Activation(inputs=("wide",), output="bent", kind="silu")
    assert refused((wide, bent)) == {
        "A network with a layer of 401 units is too wide for SQL, which can say 400."
    }


def test_more_columns_than_a_database_has_room_for_are_refused():
    wide = Linear(
        inputs=("column:age",), output="wide", weights=np.ones((1, 1200)), bias=np.zeros(1200)
    )
    last = Linear(inputs=("wide",), output="answer", weights=np.ones((1200, 1)), bias=np.zeros(1))
    reasons = refused((wide, last))
    assert "" in reasons
    assert any("MySQL has room for 1000." in reason for reason in reasons)


def test_a_view_that_is_too_long_is_refused():
    sheet = Sheet(SQLITE.dialect)
    with pytest.raises(UnwritableError, match="longer than 12 MB"):
        sheet.raw("x" * 12_000_001)


def test_what_is_refused_says_nothing_where_all_is_well():
    assert refused(make_bundle(REGRESSION).program.steps) == {""}
