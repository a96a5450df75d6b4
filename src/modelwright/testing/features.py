"""The contract of features."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl

from modelwright.data.conform import columns_of, conform
from modelwright.data.inference.infer import infer_schema
from modelwright.data.records import Columns, columns_from_records
from modelwright.data.schema import Kind, Schema
from modelwright.errors import BundleError, nearest
from modelwright.learners.base import Rows
from modelwright.learners.features.base import Feature
from modelwright.learners.features.formula import Formula
from modelwright.learners.features.offers import Offer, offers_of
from modelwright.predictor.bundle import Bundle, Facts
from modelwright.predictor.bundle_folder import read_bundle, write_bundle
from modelwright.predictor.cases import recorded_cases
from modelwright.predictor.emitters.adversarial import adversarial_records
from modelwright.predictor.emitters.python import PYTHON
from modelwright.predictor.operations.linear import Columns as SideBySide
from modelwright.predictor.operations.linear import Linear
from modelwright.predictor.operations.numbers import Impute, MissingFlags
from modelwright.predictor.program import Program, check_program
from modelwright.predictor.reference.reference import reference_of
from modelwright.tasks.task import Task
from modelwright.testing.emitters import check_emitter

_ROWS = 300
_CASES = 50
_EVERY = 7
_TWO = 2
_NUMBERS = Task(kind="regression")


def check_feature(feature: Feature, table: pl.DataFrame, target: str) -> list[Offer]:
    """Check that a feature keeps its contract, and say what it tells of a target.

    It must have a name and a title, leave the rows as they are, and propose the same formulas for
    the same rows, and bear one row and rows without any value; the table must have the columns of
    them all.
    Formulas must be sound programs of one column that read what they say, answer a row alone to the
    same bits as in a batch, unknown, missing and extreme values included, and never be infinite.
    A bundle that reads them must survive its folder, and answer the same as plain Python.

    Parameters
    ----------
    feature
        The feature to check.
    table
        Rows as they come, with the columns that the formulas read.
    target
        The column that is to be foretold.

    Returns
    -------
    list of Offer
        What each formula gains, the best first.

    Raises
    ------
    AssertionError
        With what is broken.

    Examples
    --------
    >>> from modelwright.learners.features import PlainFeature, log, number
    >>> ratio = PlainFeature("ratio", "A ratio", (log(number("a")) - log(number("b")),))
    >>> draw = np.random.default_rng(0)
    >>> a, b = draw.lognormal(size=(2, 400))
    >>> print(*check_feature(ratio, pl.DataFrame({"a": a, "b": b, "y": np.minimum(a / b, 2)}), "y"))
    log('a') - log('b'): ...% (at least 3.75%), kept.
    """
    table = table.drop_nulls(target)
    rows = _rows_of(table, target)
    _expect(feature.name.strip(), feature, "has no name")
    _expect(feature.title.strip(), feature, "has no title")
    formulas = _proposed(feature, rows)
    _expect(formulas, feature, "proposes no formula")
    for formula in formulas:
        _check_columns(feature, formula, rows.schema)
        _check_program(feature, formula)
    bundle = _bundle_of(formulas, rows, table)
    records = adversarial_records(bundle, count=_ROWS)
    hostile = columns_from_records(records, bundle.schema)
    for columns in (rows.columns, hostile):
        for formula in formulas:
            _check_answers(feature, formula, columns)
    _check_folder(feature, bundle, hostile)
    check_emitter(PYTHON, [bundle], rows=_ROWS)
    return offers_of(rows, [feature])


def _rows_of(table: pl.DataFrame, target: str) -> Rows:
    schema = infer_schema(table, target=target)
    features = schema.select(tuple(column.name for column in schema.features))
    columns = {  # copies, which a feature could change
        name: values.copy()
        for name, values in columns_of(conform(table, features), features).items()
    }
    if schema[target].kind == Kind.NUMERIC:
        truth = table[target].cast(pl.Float64).to_numpy()
        return Rows(features, columns, truth, _NUMBERS)
    labels = table[target].cast(pl.String)
    classes = tuple(sorted(labels.unique().to_list()))
    codes = np.array([classes.index(label) for label in labels], np.int64)
    task = Task(kind="binary" if len(classes) == _TWO else "multiclass", classes=classes)
    return Rows(features, columns, codes, task)


def _proposed(feature: Feature, rows: Rows) -> list[Formula]:
    """Return what is proposed for all rows, and try fewer and empty ones."""
    before = {name: values.copy() for name, values in rows.columns.items()}
    found, again = (list(feature.propose(rows.schema, rows.columns)) for _ in range(2))
    for each in found:
        told = f"proposes {each!r}, which is no formula of modelwright.learners.features"
        _expect(isinstance(each, Formula), feature, told)
    _expect(_form(found) == _form(again), feature, "proposes other formulas for the same rows")
    empty = columns_from_records([{}] * 2, rows.schema)
    for columns in ({name: values[:1] for name, values in rows.columns.items()}, empty):
        list(feature.propose(rows.schema, columns))
    same = all(_same(before[name], values) for name, values in rows.columns.items())
    _expect(same, feature, "changes the rows")
    return found


def _form(formulas: list[Formula]) -> list[tuple[str, str]]:
    return [(each.text, repr(each.steps)) for each in formulas]


def _check_columns(feature: Feature, formula: Formula, schema: Schema) -> None:
    types = {column.name: column.value_type for column in schema}
    for read in formula.reads:
        told = f"The feature {feature.name!r} has {formula!r}, which reads the {read.type}"
        if read.name not in types:
            hint = nearest(read.name, types)
            raise AssertionError(f"{told} {read.name!r}; the table has no such feature. {hint}")
        kind = types[read.name]
        assert kind == read.type, f"{told} {read.name!r}; in the table it is a {kind}."


def _check_program(feature: Feature, formula: Formula) -> None:
    try:
        check_program(_program_of(formula))
    except BundleError as error:
        raise AssertionError(f"The feature {feature.name!r}: {formula!r}. {error.found}") from error


def _check_answers(feature: Feature, formula: Formula, columns: Columns) -> None:
    program = _program_of(formula)
    answers = program.run(columns)
    _expect(not np.isinf(answers).any(), feature, f"has {formula!r}, which can be infinite")
    for row in range(0, len(answers), _EVERY):
        alone = program.run({name: values[row : row + 1] for name, values in columns.items()})
        told = f"has {formula!r}, which answers row {row} otherwise when it comes alone"
        _expect(_same(alone[0], answers[row]), feature, told)


def _check_folder(feature: Feature, bundle: Bundle, columns: Columns) -> None:
    with TemporaryDirectory() as folder:
        write_bundle(bundle, Path(folder, "bundle"))
        read = read_bundle(Path(folder, "bundle"))
    same = _same(read.program.run(columns), bundle.program.run(columns))
    _expect(same, feature, "answers otherwise after it was stored")


def _program_of(formula: Formula) -> Program:
    return Program(task=_NUMBERS, inputs=formula.reads, steps=formula.steps, answer=formula.output)


def _bundle_of(formulas: list[Formula], rows: Rows, table: pl.DataFrame) -> Bundle:
    """Return a bundle that adds formulas up; missing ones count something else."""
    reads = {each.name: each for formula in formulas for each in formula.reads}
    made = {step.output: step for formula in formulas for step in formula.steps}
    count = len(formulas)
    weights = np.array([1.0] * count + [7.5] * count)[:, None]
    program = Program(
        task=_NUMBERS,
        inputs=tuple(reads.values()),
        steps=(
            *made.values(),
            SideBySide(inputs=tuple(each.output for each in formulas), output="formulas"),
            MissingFlags(inputs=("formulas",), output="missing"),
            Impute(inputs=("formulas",), output="known", fill=np.zeros(count)),
            SideBySide(inputs=("known", "missing"), output="both"),
            Linear(inputs=("both",), output="answer", weights=weights, bias=np.zeros(1)),
        ),
        answer="answer",
    )
    schema = Schema(columns=tuple(each for each in rows.schema if each.name in reads))
    return Bundle(
        program=program,
        schema=schema,
        contract_text="apiVersion: v3.1.0\n",
        reference=reference_of(rows.columns, schema, program.run(rows.columns), _NUMBERS),
        cases=recorded_cases(program, table.select(schema.names).head(_CASES).to_dicts(), schema),
        facts=Facts(question="A feature?", target="answer", metric="root_mean_squared_error"),
        card_text="# A feature?\n",
    )


def _same(one: np.ndarray, other: np.ndarray) -> bool:
    return np.array_equal(one, other, equal_nan=one.dtype == np.float64)


def _expect(condition: object, feature: Feature, fault: str) -> None:
    if not condition:
        raise AssertionError(f"The feature {feature.name!r} {fault}.")
