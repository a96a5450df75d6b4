import numpy as np
import pytest

from modelwright.data.records import RecordReader
from modelwright.data.schema import Column, Kind, Schema
from modelwright.data.values.cells import WHITESPACE, missing_tokens_of
from modelwright.predictor.operations.categories import Codes
from modelwright.predictor.operations.linear import Columns
from modelwright.predictor.operations.text import TokenWeights
from modelwright.predictor.program import Input, Program
from modelwright.tasks.task import Task
from onnx_graphs import run_program

LEVELS = ("7", "-07", "bern", "NA", "7.5", "x y", "none", "\x00", "\ud800", "é")
TEXTS = [
    "7", "7.0", "+7.00", "-07.0", "7.", "7.5", "\u0667.0", " bern\t", "",
    f"{WHITESPACE}x y{WHITESPACE}", " ", "NA", "null", " NULL ", "none", "-",
    "\x00", "é", "e\u0301", "Bern", "a\n7.0",
]  # fmt: skip


def program(*kinds: Kind) -> tuple[Program, Schema]:
    columns = tuple(
        Column(name=kind.value, kind=kind, missing_tokens=("none", "-07")) for kind in kinds
    )
    codes = tuple(
        Codes(inputs=(f"column:{each.name}",), output=each.name, levels=LEVELS, rare=("a\n7.0",))
        for each in columns
    )
    return Program(
        task=Task(kind="regression"),
        inputs=tuple(Input(name=each.name, type="string") for each in columns),
        steps=(*codes, Columns(inputs=tuple(each.name for each in columns), output="both")),
        answer="both",
    ), Schema(columns=columns)


@pytest.mark.parametrize("kinds", [(Kind.CODED,), (Kind.CATEGORICAL, Kind.CODED, Kind.TEXT)])
def test_texts_are_read_as_a_server_reads_them(kinds):
    made, schema = program(*kinds)
    records = [{kind.value: text for kind in kinds} for text in TEXTS]
    expected = made.run(RecordReader(schema)(records))
    raw = {kind.value: np.array(TEXTS, dtype=object) for kind in kinds}
    # The shape of the output is only stated for one column.
    with_one = {name: values[:1] for name, values in raw.items()}
    assert np.array_equal(answers(made, raw, schema), expected)
    assert np.array_equal(answers(made, with_one, schema), expected[:1])


def answers(made: Program, columns, schema: Schema) -> np.ndarray:
    found = []
    for place in range(len(made.inputs)):
        one = Program(
            task=made.task,
            inputs=made.inputs,
            steps=made.steps[:-1],
            answer=made.steps[place].output,
        )
        found.append(run_program(one, columns, schema)["answers"][:, 0])
    return np.stack(found, axis=1)


def test_missing_tokens_are_no_words():
    column = Column(name="note", kind=Kind.TEXT, missing_tokens=("not given",))
    step = TokenWeights(
        inputs=("column:note",),
        output="out",
        analyzer="word",
        lengths=(1, 1),
        vocabulary=("null", "given"),
        rarity=np.ones(2),
        weights=np.ones((2, 1)),
    )
    made = Program(
        task=Task(kind="regression"),
        inputs=(Input(name="note", type="string"),),
        steps=(step,),
        answer="out",
    )
    texts = np.array(["null", " NULL ", "not given", "given", "Null", "nULL"], dtype=object)
    found = run_program(made, {"note": texts}, Schema(columns=(column,)))["answers"]
    assert found.ravel().tolist() == [0.0, 0.0, 0.0, 1.0, 0.0, 1.0]
    assert "not given" in missing_tokens_of(column)


def test_numbers_that_stand_for_a_missing_one_are_missing():
    column = Column(name="age", kind=Kind.NUMERIC, missing_tokens=("-999", "0"))
    made = Program(
        task=Task(kind="regression"),
        inputs=(Input(name="age", type="number"),),
        steps=(Columns(inputs=("column:age",), output="same"),),
        answer="same",
    )
    found = run_program(
        made, {"age": np.array([-999.0, -0.0, 1.0, np.nan])}, Schema(columns=(column,))
    )
    assert np.array_equal(found["answers"][:, 0], [np.nan, np.nan, 1.0, np.nan], equal_nan=True)
