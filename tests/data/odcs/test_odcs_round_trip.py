import shutil
import subprocess
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.data.checks.levels import Levels
from modelwright.data.checks.parsing import Parses
from modelwright.data.checks.presence import NotMissing
from modelwright.data.checks.ranges import Period, Range
from modelwright.data.checks.shape import NotConstant, RowCount
from modelwright.data.checks.texts import TextLength
from modelwright.data.checks.uniqueness import Unique
from modelwright.data.contracts.contract import Contract, ContractColumn
from modelwright.data.odcs.reader import read_contract
from modelwright.data.odcs.writer import write_contract
from modelwright.data.schema import Column, Kind, Role

moment = datetime.fromisoformat

TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
NAMES = st.one_of(
    st.sampled_from(["no", "null", "1", "1.0", "~", "2013-01-01", "a: b", " x ", "'", "*a", "\n"]),
    TEXTS.filter(bool),
)
FRACTIONS = st.integers(1, 10**9).map(lambda billionths: billionths / 10**9)
ALLOWANCES = st.one_of(
    st.just({}),
    FRACTIONS.map(lambda fraction: {"allowed_fraction": fraction}),
    st.integers(1, 10**6).map(lambda rows: {"allowed_rows": rows}),
)
SEVERITIES = st.sampled_from(["error", "warning"])


def pairs(values):
    """Two bounds in order; either may be missing."""
    bound = st.none() | values

    def in_order(pair):
        return pair if None in pair else tuple(sorted(pair))

    return st.tuples(bound, bound).map(in_order).filter(lambda pair: pair != (None, None))


@st.composite
def checks_of(draw, column):
    name = column.name
    numbers = pairs(st.floats(allow_nan=False, allow_infinity=False))
    moments = pairs(st.datetimes(moment("1900-01-01"), moment("2100-01-01")))
    lengths = pairs(st.integers(0, 10**6))
    families = {
        NotMissing: st.just({}),
        Parses: st.sampled_from(["number", "datetime"]).map(lambda kind: {"kind": kind}),
        Range: numbers.map(lambda pair: {"minimum": pair[0], "maximum": pair[1]}),
        Period: moments.map(lambda pair: {"minimum": pair[0], "maximum": pair[1]}),
        Levels: st.lists(TEXTS, min_size=1).map(lambda levels: {"levels": tuple(levels)}),
        Unique: st.just({}),
        TextLength: lengths.map(lambda pair: {"min_length": pair[0], "max_length": pair[1]}),
    }
    chosen = draw(st.sets(st.sampled_from(list(families))))
    checks = [
        family(
            column=name,
            severity=draw(SEVERITIES),
            **draw(ALLOWANCES),
            **draw(families[family]),
        )
        for family in chosen
    ]
    stuck = [NotConstant(column=name, severity=draw(SEVERITIES))] * draw(st.integers(0, 1))
    return (*checks, *stuck)


@st.composite
def contract_columns(draw, name):
    column = Column(
        name=name,
        kind=draw(st.sampled_from(Kind)),
        role=draw(st.sampled_from(Role)),
        source_type=draw(TEXTS),
        missing_tokens=tuple(draw(st.lists(NAMES, unique=True, max_size=3))),
        datetime_format=draw(st.sampled_from(["", "%d.%m.%Y"])),
        reason=draw(TEXTS),
    )
    return ContractColumn(column=column, description=draw(TEXTS), checks=draw(checks_of(column)))


@st.composite
def table_checks(draw, names):
    least = draw(st.integers(0, 10**6))
    most = draw(st.none() | st.integers(least, 10**7))
    counts = [RowCount(minimum=least, maximum=most, severity=draw(SEVERITIES))]
    keys = [
        Unique(column=names[0], together_with=tuple(names[1:]), **draw(ALLOWANCES)),
        Range(column=names[0], minimum=0.0, maximum=1.5, **draw(ALLOWANCES)),
    ]
    return tuple(draw(st.permutations([*counts, *keys])))


@st.composite
def contracts(draw):
    names = draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    return Contract(
        id=draw(NAMES),
        title=draw(NAMES),
        version=draw(NAMES),
        purpose=draw(TEXTS),
        limitations=draw(TEXTS),
        columns=tuple(draw(contract_columns(name)) for name in names),
        checks=draw(table_checks(names)),
    )


@given(contracts())
def test_what_is_written_is_read_again_exactly(contract):
    assert read_contract(write_contract(contract)) == contract


@given(contracts())
def test_writing_is_stable(contract):
    text = write_contract(contract)
    assert write_contract(read_contract(text)) == text


def test_the_standards_own_linter_accepts_it(tmp_path):
    linter = shutil.which("datacontract")
    if linter is None:
        pytest.skip("needs the program `datacontract` (pip install datacontract-cli)")
    path = tmp_path / "contract.yaml"
    path.write_text(write_contract(FULL))
    done = subprocess.run([linter, "lint", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def column(name, kind, *checks):
    return ContractColumn(column=Column(name=name, kind=kind), checks=checks)


FULL = Contract(
    id="full",
    title="full",
    columns=(
        column(
            "age",
            Kind.NUMERIC,
            NotMissing(column="age"),
            Parses(column="age", kind="number", allowed_fraction=0.01),
            Range(column="age", minimum=0, maximum=110, allowed_fraction=0.01),
        ),
        column("sold", Kind.DATETIME, Period(column="sold", minimum=moment("2013-01-01"))),
        column(
            "colour",
            Kind.CATEGORICAL,
            NotMissing(column="colour", allowed_fraction=0.05),
            Levels(column="colour", levels=("red", "no"), allowed_rows=3),
            NotConstant(column="colour", severity="warning"),
        ),
        column("note", Kind.TEXT, TextLength(column="note", max_length=80)),
        column("id", Kind.ID, Unique(column="id")),
        column("late", Kind.BOOLEAN, Unique(column="late", allowed_fraction=0.99)),
    ),
    checks=(RowCount(minimum=1), Unique(column="id", together_with=("sold",))),
)
