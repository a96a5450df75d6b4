"""The documents of a workspace as a run with its trials."""

import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from modelwright.data.schema import Schema
from modelwright.documents import Candidate, Findings, Trial
from modelwright.engineer.archive import hash_of
from modelwright.engineer.tracking.story import Dataset, Run
from modelwright.predictor.bundle import Bundle
from modelwright.tasks.interval import Interval

CANDIDATE = "modelwright.candidate"
"""The tag with the hash of the candidate that a run is."""
BUNDLE = "modelwright.bundle"
"""The tag with the hash of the bundle that was released of it."""
_NAMES = ("name", "title")
_NOTE = "mlflow.note.content"
"""What MLflow shows as the description."""


def run_of_candidate(candidate: Candidate, findings: Findings | None) -> Run:
    """Return a candidate as a run; each learner that was tried is one of its trials.

    Parameters
    ----------
    candidate
        The document.
    findings
        What it was made from; None where they are gone.
    """
    made = moment_ms(candidate.made_at)
    return Run(
        name=f"{candidate.target} {hash_of(candidate)[:8]}",
        tags={
            CANDIDATE: hash_of(candidate),
            _NOTE: f"{candidate.question}\n\n{candidate.verdict}",
            "modelwright.worth_it": _yes(candidate.worth_it),
            "modelwright.gates": _yes(candidate.passed),
            **{
                f"modelwright.gate.{_key(gate.name)}": _yes(gate.passed) for gate in candidate.gates
            },
        },
        params=_params(candidate),
        metrics=finite(_metrics(candidate)),
        ended_ms=made,
        seconds=candidate.seconds,
        datasets=tuple(_datasets(candidate, findings)) if findings else (),
        trials=tuple(
            _trial(each, candidate, made) for each in candidate.trials if _was_tried(each)
        ),
    )


def run_of_bundle(bundle: Bundle) -> Run:
    """Return a bundle whose candidate is not known here as a run of its own."""
    facts = bundle.facts
    score = {} if facts.holdout_score is None else {facts.metric: facts.holdout_score}
    return Run(
        name=f"{facts.target} {bundle.hash[:8]}",
        tags={BUNDLE: bundle.hash, _NOTE: facts.question},
        params={
            "task": bundle.program.task.kind,
            "target": facts.target,
            "metric": facts.metric,
            "seed": str(facts.seed),
            "training_rows": str(facts.training_rows),
        },
        metrics=finite(_spread("holdout", score)),
        ended_ms=moment_ms(facts.made_at),
    )


def moment_ms(moment: str) -> int:
    """Return a moment of a document as milliseconds since 1970; 0 for none.

    Examples
    --------
    >>> moment_ms("1970-01-01T00:00:01+00:00")
    1000
    """
    if not moment:
        return 0
    read = datetime.fromisoformat(moment)
    return int((read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp() * 1000)


def finite(metrics: Mapping[str, float | None]) -> dict[str, float]:
    """Return the metrics that are numbers: not every store of a server takes others.

    Examples
    --------
    >>> finite({"a": 1.0, "b": None, "c": float("nan")})
    {'a': 1.0}
    """
    return {
        name: each for name, each in metrics.items() if each is not None and math.isfinite(each)
    }


def spread_of(name: str, interval: Interval | None) -> dict[str, float]:
    """Return an interval as three metrics.

    Examples
    --------
    >>> spread_of("gain", Interval(value=2.0, low=1.0, high=3.0, method="by hand"))
    {'gain': 2.0, 'gain.low': 1.0, 'gain.high': 3.0}
    """
    if interval is None:
        return {}
    return {name: interval.value, f"{name}.low": interval.low, f"{name}.high": interval.high}


def _spread(prefix: str, intervals: Mapping[str, Interval]) -> dict[str, float]:
    every = (spread_of(f"{prefix}.{name}", each) for name, each in intervals.items())
    return {_key(name): value for each in every for name, value in each.items()}


def _params(candidate: Candidate) -> dict[str, str]:
    said = {
        "task": candidate.task.kind,
        "target": candidate.target,
        "metric": candidate.metric,
        "features": len(candidate.schema.features),
        "training_rows": candidate.training_rows,
        "baseline": candidate.baseline,
        "calibration": candidate.calibration,
        "threshold": candidate.threshold,
        "budget_s": candidate.budget_s,
        "seed": candidate.seed,
        "cores": candidate.schedule.cores,
    }
    shares = {f"weight.{_key(each.title)}": each.weight for each in candidate.trials if each.weight}
    return {name: str(value) for name, value in {**said, **shares}.items() if value is not None}


def _metrics(candidate: Candidate) -> dict[str, float | None]:
    evaluation = candidate.evaluation
    return {
        **_spread("holdout", {candidate.metric: evaluation.score, **evaluation.others}),
        **_spread("baseline", {candidate.metric: evaluation.baseline_score}),
        **_spread("gain", {candidate.metric: evaluation.gain}),
        **_spread("out_of_fold", {candidate.metric: candidate.out_of_fold}),
        **{f"coverage.{each.level:g}": each.share.value for each in evaluation.coverage},
        "holdout.rows": evaluation.rows,
        "holdout.openings": evaluation.openings,
        "seconds": candidate.seconds,
        "row_seconds": candidate.latency_s,
        "program_bytes": candidate.size_bytes,
        "memory_bytes": candidate.memory_bytes,
    }


def _was_tried(trial: Trial) -> bool:
    """Say whether a learner was begun: for some there is no time."""
    return trial.score is not None or trial.seconds > 0


def _trial(trial: Trial, candidate: Candidate, made_ms: int) -> Run:
    settings = next(
        (each.settings for each in candidate.schedule.configurations if each.name == trial.learner),
        {},
    )
    measured = {
        f"out_of_fold.{_key(candidate.metric)}": trial.score,
        "seconds": trial.seconds,
        "weight": trial.weight,
        "rounds": trial.rounds,
        **spread_of(f"gain.{_key(candidate.metric)}", trial.gain),
    }
    return Run(
        name=trial.title,
        tags={_NOTE: trial.failure} if trial.failure else {},
        params={
            "learner": trial.learner,
            **{name: str(each) for name, each in settings.items() if name not in _NAMES},
        },
        metrics=finite(measured),
        ended_ms=made_ms,
        seconds=trial.seconds,
        failed=trial.score is None,
    )


def _datasets(candidate: Candidate, findings: Findings) -> Iterator[Dataset]:
    table = findings.plan.table
    columns = _kinds(findings.schema)
    name = table.address.rstrip("/").rpartition("/")[2] or "table"
    for context, rows in (
        ("training", candidate.training_rows),
        ("holdout", candidate.evaluation.rows),
    ):
        yield Dataset(
            name=name if context == "training" else f"{name} ({context})",
            digest=table.fingerprint,
            address=table.address,
            context=context,
            rows=rows,
            columns=columns,
        )


def _kinds(schema: Schema) -> dict[str, str]:
    return {column.name: str(column.kind) for column in schema}


def _key(text: str) -> str:
    """Return a text with the letters only that a key may have.

    Examples
    --------
    >>> _key("Gain over the baseline (holdout)")
    'Gain over the baseline _holdout_'
    """
    return "".join(each if _allowed(each) else "_" for each in text)


def _allowed(letter: str) -> bool:
    return letter.isascii() and (letter.isalnum() or letter in "_-. ")


def _yes(passed: bool) -> str:
    return "yes" if passed else "no"
