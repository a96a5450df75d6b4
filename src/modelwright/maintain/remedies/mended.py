"""The bundle of a model that was mended: what was tested on the past is what ships."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from modelwright.data.odcs.reader import read_contract
from modelwright.data.odcs.writer import write_contract
from modelwright.data.records import RecordReader
from modelwright.errors import InputError
from modelwright.maintain.remedies.base import Situation, Treatment
from modelwright.maintain.remedies.replay import Replayed
from modelwright.maintain.wording import percent
from modelwright.predictor.bundle import Bundle, Case
from modelwright.predictor.coverage import Coverage
from modelwright.predictor.expectation.fitting import fit_expectation
from modelwright.predictor.expectation.part import Expectation
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Program, check_program
from modelwright.predictor.reference.reference import Reference, reference_of
from modelwright.tasks.interval import Interval
from modelwright.tasks.intervals import bootstrap_interval
from modelwright.tasks.metrics import Metric
from modelwright.tasks.task import Task

Cover = Callable[[Task, NDArray[Any], Floats], Coverage | None]
"""Makes ranges or sets of classes from what was true and what was answered."""

_FEWEST_ROWS = 100
"""Fewer rows are no reference for what comes."""


@dataclass(frozen=True, kw_only=True)
class Workbench:
    """What a bundle is mended with.

    Parameters
    ----------
    metric
        By which the model was chosen.
    cover
        Makes ranges or sets for answers that changed.
    made_at
        When.
    """

    metric: Metric
    cover: Cover
    made_at: datetime


def mend_bundle(
    situation: Situation,
    name: str,
    treatment: Treatment,
    replayed: Replayed,
    bench: Workbench,
) -> Bundle:
    """Return the bundle that a treatment makes of a model.

    The program is the treatment's. Recent rows become the reference of the columns that are read
    otherwise, and of all columns where the model learned again, so that a mended model does not
    raise the alarm again; the contract's rules about columns that are read otherwise go. The score
    that is promised is that of the replay.

    Parameters
    ----------
    situation
        The model, and what is known.
    name
        Of the remedy.
    treatment
        What it does.
    replayed
        What it did on past windows.
    bench
        What it is mended with.
    """
    bundle, truth = situation.bundle, situation.rows.truth[replayed.places]
    program = _covered(situation, treatment, replayed, bench.cover)
    reference = _reference(situation, treatment, replayed)
    return replace(
        bundle,
        program=program,
        expectation=_expectation(situation, program, reference, replayed, bench.metric),
        hash="",
        runner=None,
        source={},
        cases=_answered_again(bundle, program),
        contract_text=_without_rules(bundle.contract_text, treatment.columns),
        reference=reference,
        facts=msgspec.structs.replace(
            bundle.facts,
            holdout_score=_promise(bench.metric, program, truth, replayed.answers)
            or bundle.facts.holdout_score,
            training_rows=_learned_rows(situation, treatment),
            threshold=program.threshold if program.task.kind == "binary" else None,
            made_at=bench.made_at.isoformat(),
            no_source=f"it was mended ({name}), and no source does that",
            carried=(),
        ),
        card_text=_card(bundle, treatment, replayed, bench.made_at),
    )


def _covered(
    situation: Situation, treatment: Treatment, replayed: Replayed, cover: Cover
) -> Program:
    """Return the program with ranges or sets for its answers, where the model had some."""
    program = treatment.program
    if situation.program.coverage is not None and len(replayed.places):
        truth = situation.rows.truth[replayed.places]
        coverage = cover(program.task, truth, replayed.answers)
        program = msgspec.structs.replace(program, coverage=coverage)
    check_program(program)
    return program


def _answered_again(bundle: Bundle, program: Program) -> tuple[Case, ...]:
    if not bundle.cases:
        return ()
    answers = program.run(RecordReader(bundle.schema)([case.record for case in bundle.cases]))
    return tuple(
        msgspec.structs.replace(case, expected=tuple(answer.tolist()))
        for case, answer in zip(bundle.cases, answers, strict=True)
        if np.isfinite(answer).all()
    )


def _without_rules(contract_text: str, columns: tuple[str, ...]) -> str:
    """Return the contract without what it says of columns that are read otherwise now.

    One that a person has given rules that nothing here reads is left as it is.
    """
    if not columns:
        return contract_text
    try:
        contract = read_contract(contract_text)
    except InputError:
        return contract_text
    if contract.unchecked:
        return contract_text
    entries = tuple(
        msgspec.structs.replace(entry, checks=()) if entry.column.name in columns else entry
        for entry in contract.columns
    )
    return write_contract(msgspec.structs.replace(contract, columns=entries))


def _reference(situation: Situation, treatment: Treatment, replayed: Replayed) -> Reference:
    bundle, recent = situation.bundle, situation.recent
    before = bundle.reference
    if len(recent) < _FEWEST_ROWS:
        return before
    answers = replayed.answers
    if len(answers) < _FEWEST_ROWS:
        answers = treatment.program.run(recent.columns)
    now = reference_of(recent.columns, bundle.schema, answers, treatment.program.task)
    if treatment.learned is not None:
        return now
    columns = {name: now.columns[name] for name in treatment.columns if name in before.columns}
    return msgspec.structs.replace(
        before,
        columns={**before.columns, **columns},
        answers=now.answers,
        seasons=None,
        training={name: each for name, each in before.training.items() if name not in columns},
    )


def _expectation(
    situation: Situation,
    program: Program,
    reference: Reference,
    replayed: Replayed,
    metric: Metric,
) -> Expectation | None:
    """Return how far replayed answers lay from the truth: of a mended model nothing else tells."""
    rows, places = situation.rows, replayed.places
    return fit_expectation(
        program,
        reference,
        {name: values[places] for name, values in rows.columns.items()},
        truth=rows.truth[places],
        answers=replayed.answers,
        metric=metric,
    )


def _promise(
    metric: Metric, program: Program, truth: NDArray[Any], answers: Floats
) -> Interval | None:
    if len(truth) < _FEWEST_ROWS:
        return None
    taken: NDArray[Any] = answers
    if metric.takes == "values":
        taken = answers[:, 0]
    elif metric.takes == "classes":
        taken = program.choose(answers)
    try:
        return bootstrap_interval(metric, truth, taken)
    except InputError:
        # All labels are of one class, for example: the metric is undefined.
        return None


def _learned_rows(situation: Situation, treatment: Treatment) -> int:
    if treatment.learned is None:
        return situation.bundle.facts.training_rows
    return len(treatment.learned) + treatment.with_training * situation.trained


def _card(bundle: Bundle, treatment: Treatment, replayed: Replayed, made_at: datetime) -> str:
    said = treatment.sentence.replace("<", "&lt;").replace("`", "'")
    usual = replayed.usual.sum()
    shown = ""
    if usual > 0:
        share = float(replayed.saved.sum() / usual)
        rows = f"{len(replayed.places):,} past rows"
        shown = f" Tested on {rows}, it spared {percent(max(0.0, share))} of the loss."
    return f"{bundle.card_text.rstrip()}\n\n## Mended\n\n- {made_at:%Y-%m-%d}: {said}{shown}\n"
