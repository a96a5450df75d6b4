"""The contract of remedies."""

from dataclasses import replace
from functools import cache

import numpy as np
import polars as pl

from modelwright.data.schema import Column, Kind, Schema
from modelwright.maintain.log.live_rows import LiveRows, live_rows_of
from modelwright.maintain.remedies.base import Lesson, Remedy, Situation, Treatment
from modelwright.maintain.remedies.losses import Judge
from modelwright.maintain.remedies.past import part_of
from modelwright.predictor.bundle import Bundle, Facts
from modelwright.predictor.operations.answers import Link
from modelwright.predictor.operations.categories import Codes, CodeTable
from modelwright.predictor.operations.linear import Columns, Constant, Linear
from modelwright.predictor.operations.numbers import Impute
from modelwright.predictor.program import Input, Program, check_program
from modelwright.predictor.reference.reference import reference_of
from modelwright.tasks.task import Task

_ROWS = 600
_TASK = Task(kind="binary", classes=("no", "yes"))
_COUNTRIES = ("DE", "FR", "PL")
_SCHEMA = Schema(
    columns=(
        Column(name="amount", kind=Kind.NUMERIC),
        Column(name="size", kind=Kind.NUMERIC),
        Column(name="country", kind=Kind.CATEGORICAL),
    )
)


def example_situations() -> dict[str, Situation]:
    """Return a made-up model in sound traffic, and in traffic in which something broke.

    Examples
    --------
    >>> list(example_situations())
    ['sound', 'other unit', 'swapped', 'renamed', 'missing', 'turned']
    """
    sound = _draw(2 * _ROWS, seed=1)
    broken: dict[str, tuple[pl.Expr, ...]] = {
        "sound": (),
        "other unit": (pl.col("amount") * 1000.0,),
        "swapped": (pl.col("amount").alias("size"), pl.col("size").alias("amount")),
        "renamed": (pl.col("country").replace({"DE": "Germany"}),),
        "missing": (pl.lit(None, dtype=pl.Float64).alias("amount"),),
    }
    tables = {
        name: pl.concat([sound.head(_ROWS), sound.tail(_ROWS).with_columns(*changes)])
        for name, changes in broken.items()
    }
    turned = pl.when(pl.col("bought") == "yes").then(pl.lit("no")).otherwise(pl.lit("yes"))
    tables["turned"] = pl.concat([sound.head(_ROWS), sound.tail(_ROWS).with_columns(bought=turned)])
    return {name: _situation(table) for name, table in tables.items()}


class ExampleSchool:
    """A school that counts: it learns how often each class came."""

    rows = _ROWS

    def learn(self, lesson: Lesson) -> Program:
        """Return a program that answers with the share of each class, for every row."""
        share = (lesson.rows.truth == 1).mean() if len(lesson.rows) else 0.5
        odds = np.log((share + 1e-3) / (1 - share + 1e-3))
        read = next(each for each in _PROGRAM.inputs if each.name not in lesson.without)
        return Program(
            task=_TASK,
            inputs=(read,),
            steps=(
                Constant(inputs=(f"column:{read.name}",), output="raw", answer=np.array([odds])),
                Link(inputs=("raw",), output="answer", kind="sigmoid"),
            ),
            answer="answer",
        )


def check_remedy(remedy: Remedy) -> None:
    """Check that a remedy keeps its contract.

    It must have a name and a sentence; offer something in at least one of `example_situations`;
    offer the same, under the same options, whenever it is asked the same; leave the model and the
    rows as they are; and offer programs that run, answer the same task with finite numbers, and
    read no column that is not there. It must offer nothing, or run, where few rows are known.

    Parameters
    ----------
    remedy
        The remedy to check.

    Raises
    ------
    AssertionError
        With what is broken.

    Examples
    --------
    >>> from modelwright.maintain.remedies.units import FIX_UNITS
    >>> check_remedy(FIX_UNITS)
    """
    assert remedy.name.strip(), "A remedy needs a name."
    assert remedy.sentence.endswith("."), f"The sentence of {remedy.name!r} must end with a stop."
    offered = 0
    for name, situation in example_situations().items():
        kept = situation.rows.table.clone()
        found, again = list(remedy.treat(situation)), list(remedy.treat(situation))
        assert situation.rows.table.equals(kept), f"{remedy.name!r} changed the rows."
        assert situation.program is _PROGRAM, f"{remedy.name!r} changed the model."
        options = [each.option for each in found]
        assert options == [each.option for each in again], f"{remedy.name!r} differs when repeated."
        assert len(set(options)) == len(options), f"{remedy.name!r} has an option twice in {name}."
        for each in found:
            _check_treatment(remedy.name, each, situation.rows)
        offered += len(found)
        few = _few(situation)
        for each in remedy.treat(few):
            _check_treatment(remedy.name, each, situation.rows)
    assert offered, f"{remedy.name!r} offers nothing in the examples."


def _check_treatment(name: str, treatment: Treatment, rows: LiveRows) -> None:
    assert treatment.sentence.endswith("."), f"{name!r}: a sentence ends without a stop."
    check_program(treatment.program)
    assert treatment.program.task == _TASK, f"{name!r} answers another task."
    answers = treatment.program.run(rows.columns)
    assert np.isfinite(answers).all(), f"{name!r} answers with what is no number."
    unknown = {*treatment.columns} - {*_SCHEMA.names}
    assert not unknown, f"{name!r} names columns that are not there: {sorted(unknown)}."


def _few(situation: Situation) -> Situation:
    return replace(situation, rows=part_of(situation.rows, 0, 5), onset=0)


def _situation(table: pl.DataFrame) -> Situation:
    bundle = _example_bundle()
    return Situation(
        bundle=bundle,
        rows=live_rows_of(table, bundle),
        onset=_ROWS,
        judge=Judge.of(bundle),
        school=ExampleSchool(),
        earlier=(bundle,),
    )


def _draw(rows: int, *, seed: int) -> pl.DataFrame:
    random = np.random.default_rng(seed)
    amount, size = random.lognormal(3.0, 1.0, rows), random.normal(5.0, 1.0, rows)
    country = random.choice(_COUNTRIES, rows, p=[0.5, 0.3, 0.2])
    raw = 0.08 * (amount - 25.0) + (country == "PL")
    bought = random.random(rows) < 1 / (1 + np.exp(-np.clip(raw, -30, 30)))
    return pl.DataFrame(
        {
            "amount": amount,
            "size": size,
            "country": country,
            "bought": np.where(bought, "yes", "no"),
        }
    )


_PROGRAM = Program(
    task=_TASK,
    inputs=tuple(Input(name=column.name, type=column.value_type) for column in _SCHEMA),
    steps=(
        Columns(inputs=("column:amount", "column:size"), output="numbers"),
        Impute(inputs=("numbers",), output="filled", fill=np.array([25.0, 5.0])),
        Codes(inputs=("column:country",), output="code", levels=_COUNTRIES),
        CodeTable(
            inputs=("code",),
            output="country",
            table=np.array([[0.0], [0.0], [0.0], [0.0], [0.0], [1.0]]),
        ),
        Columns(inputs=("filled", "country"), output="all"),
        Linear(
            inputs=("all",),
            output="raw",
            weights=np.array([[0.08], [0.0], [1.0]]),
            bias=np.array([-2.0]),
        ),
        Link(inputs=("raw",), output="answer", kind="sigmoid"),
    ),
    answer="answer",
)


@cache
def _example_bundle() -> Bundle:
    table = _draw(5 * _ROWS, seed=0)
    bundle = Bundle(
        program=_PROGRAM,
        schema=_SCHEMA,
        contract_text="",
        reference=reference_of({}, Schema(columns=()), np.empty((0, 2)), _TASK),
        cases=(),
        facts=Facts(question="", target="bought", metric="log_loss", training_rows=len(table)),
        card_text="",
        hash="0123456789abcdef",
    )
    rows = live_rows_of(table, bundle)
    reference = reference_of(rows.columns, _SCHEMA, rows.answers, _TASK)
    return replace(bundle, reference=reference)
