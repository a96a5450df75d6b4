"""Whole programs of every family of learners, and of tables with hostile names."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest

from emitted_bundles import learned_bundle
from example_bundle import BINARY, MULTICLASS, REGRESSION, make_bundle, make_covered_bundle
from modelwright.data.schema import Column, Kind, Schema
from modelwright.predictor.cases import recorded_cases
from modelwright.predictor.emitters.adversarial import adversarial_records
from modelwright.predictor.operations.linear import Columns
from modelwright.predictor.operations.trees import Trees
from modelwright.predictor.program import Input, Program
from modelwright.tasks.task import Task

KINDS = ("binary", "multiclass", "regression")
FAMILIES = ("linear", "lightgbm", "xgboost", "extra_trees", "catboost")
"""Without networks, whose operations are compared one by one: their views are megabytes long."""
HOSTILE = (
    'a"b',
    "a`b",
    "a.b",
    "a;b",
    "a'b--",
    "A.B",
    "",
    " ",
    "order",
    "Gr\u00f6\u00dfe",
    "Gro\u0308\u00dfe",
    "GROSSE",
    "\U0001f6f8 (m\u00b2)\n",
    "row_key",
    "c1",
    "%s {x} {{ y }} {% z %}",
    "x" * 70,
    "x" * 71,
    "\u65e5" * 70,
    "\\",
)
LABELS = ("it's", "\u65e5\u672c; \\n", "x" * 70)


@pytest.fixture(scope="module")
def learned():
    return {
        kind: learned_bundle(kind, members=FAMILIES, without=["note"], rounds=6) for kind in KINDS
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_blend_of_every_family(kind, learned, agrees):
    bundle = learned[kind]
    agrees(bundle, adversarial_records(bundle, count=500))


@pytest.mark.parametrize("task", [BINARY, MULTICLASS, REGRESSION])
def test_the_recorded_rows_agree(task, agrees):
    bundle = make_covered_bundle(task)
    agrees(bundle, [case.record for case in bundle.cases])


def hostile_bundle():
    """Return a bundle whose names, of columns and classes, no database likes."""
    schema = Schema(columns=tuple(Column(name=name, kind=Kind.NUMERIC) for name in HOSTILE))
    width = len(HOSTILE)
    program = Program(
        task=Task(kind="multiclass", classes=LABELS),
        inputs=tuple(Input(name=name, type="number") for name in HOSTILE),
        steps=(
            Columns(inputs=tuple(f"column:{name}" for name in HOSTILE), output="all"),
            Trees(
                inputs=("all",),
                output="answer",
                comparison="<=",
                roots=np.arange(0, 3 * width, 3, dtype=np.int32),
                outputs=np.arange(width, dtype=np.int32) % 3,
                feature=np.array([[place, -1, -1] for place in range(width)], "i4").ravel(),
                threshold=np.full(3 * width, 0.5),
                left=np.array([[n + 1, n, n + 1] for n in range(0, 3 * width, 3)], "i4").ravel(),
                right=np.array([[n + 2, -1, -1] for n in range(0, 3 * width, 3)], "i4").ravel(),
                missing_left=np.zeros(3 * width, dtype=bool),
                leaves=np.arange(3.0 * width)[:, None],
                base=np.zeros(3),
            ),
        ),
        answer="answer",
    )
    rows = [{name: float(place == row) for place, name in enumerate(HOSTILE)} for row in range(20)]
    cases = recorded_cases(program, rows, schema)
    return replace(make_bundle(), program=program, schema=schema, cases=cases)


def test_names_that_no_database_likes(agrees):
    bundle = hostile_bundle()
    agrees(bundle, [case.record for case in bundle.cases])


def test_truth_values_and_numbers_as_classes(agrees):
    for classes in ((False, True), (1.5, 2.5), (1, 2), ("a", 2)):
        bundle = make_bundle(BINARY)
        task = msgspec.structs.replace(BINARY, classes=classes)
        program = msgspec.structs.replace(bundle.program, task=task)
        agrees(replace(bundle, program=program), [case.record for case in bundle.cases])
