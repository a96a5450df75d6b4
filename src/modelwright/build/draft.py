"""The candidate's bundle, before anybody has tested it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright._version import __version__
from modelwright.build.engine import Built
from modelwright.build.judging.answered import shipped_answers
from modelwright.build.reference import make_reference, time_order
from modelwright.build.source.origin import Origin
from modelwright.build.source.project import Left, Written, write_source
from modelwright.data.contracts.contract import weigh_columns
from modelwright.data.odcs.reader import read_contract
from modelwright.data.odcs.writer import write_contract
from modelwright.data.relations.dialect import DIALECTS
from modelwright.data.relations.feature import FeatureSet
from modelwright.data.sources.files import WORKBOOKS
from modelwright.data.sources.sampling import is_drawn
from modelwright.documents import Evaluation, Findings, Streaming
from modelwright.learners.base import Rows
from modelwright.learners.features.offers import formulas_in
from modelwright.predictor.bundle import Bundle, Facts
from modelwright.predictor.bundle_folder import write_bundle
from modelwright.predictor.cases import recorded_cases
from modelwright.predictor.expectation.fitting import fit_expectation, in_time
from modelwright.predictor.expectation.part import Expectation
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.reference.reference import Reference
from modelwright.tasks.metrics import Metric
from modelwright.workspace.folder import Workspace

DRAFT_FOLDER = "candidate"

_CASES = 60
_NO_FEATURES = FeatureSet()
_NO_SOURCE = "it reads features of related tables, which the source does not compute"
_DRAWN = "it learned from rows drawn at random, and the source reads all"
_STREAMED = "it learned from rows as a stream, which the source does not do"
_CARD = "# Not released\n\nThis bundle has not passed its acceptance tests.\n"


def write_draft(
    built: Built,
    findings: Findings,
    workspace: Workspace,
    *,
    training: pl.DataFrame,
    rows: Rows,
    evaluation: Evaluation,
    held: Rows,
    made_at: str,
    streaming: Streaming | None = None,
) -> Path:
    """Write the bundle of a candidate into the workspace and return its folder.

    Parameters
    ----------
    built
        The program and its out-of-fold answers.
    findings
        The question and the place of the contract.
    workspace
        Where it is written.
    training, rows
        The answered training rows: as a table, and as learners read them.
    evaluation
        For the score that the bundle states.
    held
        Rows of the holdout.
    made_at
        When the candidate was made, ISO 8601 in UTC.
    streaming
        What was learned from rows that memory does not hold.
    """
    plan = findings.plan
    facts = _facts(
        findings, built, evaluation, learned=len(rows), streaming=streaming, made_at=made_at
    )
    bundle = make_bundle(
        built,
        rows,
        facts=facts,
        contract_text=_weighed(
            workspace.read_bytes(findings.contract_path).decode(),
            evaluation,
            metric=plan.metric,
            read=[each.name for each in built.program.inputs],
        ),
        records=sample_records(training.select(rows.schema.names)),
        metric=plan.metric_in(workspace.path),
        held=held,
        origin=None if facts.no_source else _origin(findings),
        features=_with_queries(findings),
        order=time_order(training, plan),
    )
    folder = workspace.path / DRAFT_FOLDER
    write_bundle(bundle, folder)
    return folder


def _facts(
    findings: Findings,
    built: Built,
    evaluation: Evaluation,
    *,
    learned: int,
    streaming: Streaming | None,
    made_at: str,
) -> Facts:
    """Return what is told of a bundle, and why it has no source."""
    plan = findings.plan
    streamed = streaming.learned if streaming is not None and streaming.used else None
    why = _why_no_source(findings, streamed=streamed is not None)
    return Facts(
        question=plan.question,
        target=plan.target,
        metric=plan.metric,
        holdout_score=evaluation.score,
        training_rows=learned + (streamed or 0),
        threshold=built.decision.threshold,
        seed=plan.seed,
        version=__version__,
        made_at=made_at,
        moment=plan.moment,
        no_source=why,
        target_unit=findings.schema[plan.target].unit,
    )


def _why_no_source(findings: Findings, *, streamed: bool) -> str:
    if findings.features.features:
        return _NO_SOURCE
    if streamed:
        return _STREAMED
    return _DRAWN if is_drawn(findings.plan.table.facts) else ""


def _origin(findings: Findings) -> Origin:
    plan = findings.plan
    return Origin(
        findings.schema,
        plan.target,
        plan.split,
        has_decimal_commas=plan.table.decimal_commas,
        has_lines_around=plan.table.lines_around,
        encoding=plan.table.encoding,
        is_workbook=plan.table.address.lower().endswith(WORKBOOKS),
    )


def _weighed(
    contract_text: str, evaluation: Evaluation, *, metric: str, read: Sequence[str]
) -> str:
    """Return the contract with what each column is worth to the model.

    Of columns that the program reads, and that there was no time to look at, nobody knows. A
    contract that a person has given rules that nothing here reads is left as it is.
    """
    contract = read_contract(contract_text)
    if contract.unchecked or not evaluation.importances:
        return contract_text
    losses = dict.fromkeys(read) | {each.column: each.loss for each in evaluation.importances}
    return write_contract(weigh_columns(contract, losses, metric=metric))


def make_bundle(
    built: Built,
    rows: Rows,
    *,
    facts: Facts,
    contract_text: str,
    records: Sequence[dict[str, Any]],
    metric: Metric,
    held: Rows | None = None,
    origin: Origin | None = None,
    features: FeatureSet = _NO_FEATURES,
    order: NDArray[np.int64] | None = None,
) -> Bundle:
    """Put together what the folder of a model holds.

    Parameters
    ----------
    built
        The program and its out-of-fold answers.
    rows
        All that it has learned from.
    facts
        What is told of it; formulas and the source are added.
    contract_text
        The data contract, as YAML.
    records
        Rows whose answers are recorded.
    metric
        Of which losses are expected.
    held
        Rows of the holdout; None where there are none.
    origin
        Where the rows are from; None for a bundle without source.
    features
        Of related tables.
    order : ndarray of shape (rows,)
        The rows in the order of time; None where they have none.
    """
    programs = (refit.program for refits in built.refits.values() for refit in refits)
    facts = msgspec.structs.replace(facts, formulas=formulas_in(programs))
    cases = recorded_cases(built.program, records, rows.schema)
    source = Written({})
    if origin is not None:
        made = write_source(built, rows, origin, facts=facts, cases=cases)
        if isinstance(made, Left):
            facts = msgspec.structs.replace(facts, no_source=made.reason)
        else:
            source, facts = made, msgspec.structs.replace(facts, carried=made.carried)
    seen = built.watched or (rows.take(built.scored), built.answers)
    reference = make_reference(built, rows, held=held, moment=facts.moment, order=order)
    return Bundle(
        program=built.program,
        schema=rows.schema,
        contract_text=contract_text,
        reference=reference,
        cases=cases,
        facts=facts,
        card_text=_CARD,
        source=source.files,
        features=features,
        expectation=_expectation(
            built, seen, reference, held=held, moment=facts.moment, metric=metric
        ),
    )


def _expectation(
    built: Built,
    seen: tuple[Rows, Floats],
    reference: Reference,
    *,
    held: Rows | None,
    moment: str,
    metric: Metric,
) -> Expectation | None:
    """Return how far answers out of fold, and then of the holdout, lie from the truth."""
    watched, answers = seen
    truth, columns = watched.target, watched.columns
    if held is not None:
        truth = np.concatenate([truth, held.target])
        answers = np.concatenate([answers, shipped_answers(built, held)])

    def column(name: str) -> Value:
        values = columns[name]
        return values if held is None else np.concatenate([values, held.columns[name]])

    clock = moment if moment in columns else next(iter(columns))
    places = in_time({clock: column(clock)}, moment)
    return fit_expectation(
        built.program,
        reference,
        # One after the other: the rows in their old order are not held beside those in the new one.
        {name: column(name)[places] for name in columns},
        truth=truth[places],
        answers=answers[places],
        metric=metric,
    )


def _with_queries(findings: Findings) -> FeatureSet:
    """Return the features of related tables with the queries that compute them."""
    features = findings.features
    home = findings.plan.home
    queries = {name: home.query(features, dialect=name) for name in DIALECTS if features.features}
    return msgspec.structs.replace(features, sql=queries)


def sample_records(table: pl.DataFrame) -> list[dict[str, Any]]:
    """Return rows spread evenly over a table, one value per column."""
    return table[sampled_rows(len(table))].to_dicts()


def sampled_rows(count: int) -> NDArray[np.int64]:
    """Return which rows of a table are recorded.

    Parameters
    ----------
    count
        Rows of the table.

    Examples
    --------
    >>> sampled_rows(3)
    array([0, 1, 2])
    """
    return np.unique(np.linspace(0, count - 1, _CASES).astype(np.int64))
