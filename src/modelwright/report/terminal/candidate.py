"""The page of a candidate."""

from modelwright.compute.budget import format_duration
from modelwright.compute.limits import format_latency
from modelwright.documents import Candidate
from modelwright.report.everyday import judgement
from modelwright.report.hundreds import hundreds
from modelwright.report.terminal.layout import aligned, field, left_out, title
from modelwright.report.terminal.phrases import SENTENCE, clause, gate_lines, metric_line
from modelwright.report.words import (
    clip,
    gain,
    interval,
    listed,
    number,
    percent,
    scored,
    size,
    times,
)

_TRIALS = 8


def candidate_page(candidate: Candidate) -> list[str]:
    """Return the lines of a candidate."""
    evaluation = candidate.evaluation
    scores = aligned(
        [
            ("the model", interval(evaluation.score)),
            ("the baseline", f"{interval(evaluation.baseline_score)}  {_baseline(candidate)}"),
            ("paired gain", gain(evaluation.gain)),
        ]
    )
    return [
        title("Candidate"),
        *field("Question", clip(candidate.question, SENTENCE)),
        *field("Answer", judgement(candidate)),
        *field("", *(f"{each.sentence[:-1]} ({each.beside[:-1]})" for each in hundreds(candidate))),
        *field(
            "Holdout",
            f"{metric_line(candidate.metric)}, on {scored(evaluation, 'row')}, "
            f"opened {times(evaluation.openings)}",
            *scores,
        ),
        *(field("All rows", candidate.streaming.sentence) if candidate.streaming else []),
        *(field("Trend", candidate.trend) if candidate.trend else []),
        *field("Blend", _blend(candidate), f"calibration: {clause(candidate.calibration)}"),
        *field(
            "Takes",
            f"{format_latency(candidate.latency_s)} a row, {size(candidate.size_bytes)} on disk",
        ),
        *field("Trials", *_trials(candidate)),
        *field("No score", *_unscored(candidate)),
        *field("Drivers", *_drivers(candidate)),
        *field("Gates", *gate_lines(candidate.gates)),
        *field("Time", f"{format_duration(candidate.seconds)} of {_budget(candidate)}"),
    ]


def _baseline(candidate: Candidate) -> str:
    return clip(candidate.baseline, 40)


def _blend(candidate: Candidate) -> str:
    members = [
        f"{clip(trial.title, 30)} {percent(trial.weight)}"
        for trial in candidate.trials
        if trial.weight
    ]
    if candidate.streaming and candidate.streaming.used:
        streamed = set(candidate.streaming.weights) - {each.learner for each in candidate.trials}
        members += [
            f"{clip(name, 40)} {percent(candidate.streaming.weights[name])}"
            for name in sorted(streamed)
        ]
    return ", ".join(members) or "the baseline alone"


def _trials(candidate: Candidate) -> list[str]:
    scored = [trial for trial in candidate.trials if not trial.failure]
    shown = scored[:_TRIALS]
    if not shown:
        return []
    rows = aligned(
        [
            ("", "score", "paired gain", "time", ""),
            *(
                (
                    clip(trial.title, 30),
                    number(trial.score),
                    gain(trial.gain),
                    format_duration(trial.seconds),
                    "cut short" if trial.cut_short else "",
                )
                for trial in shown
            ),
        ],
        right=[1, 3],
    )
    return [*rows, *left_out(len(scored) - _TRIALS, "in candidate.json")]


def _unscored(candidate: Candidate) -> list[str]:
    """Return, for each reason why trials have no score, the reason and their names."""
    names: dict[str, list[str]] = {}
    for trial in candidate.trials:
        if trial.failure:
            names.setdefault(clip(trial.failure, SENTENCE), []).append(clip(trial.title, 30))
    return [f"{listed(titles, 5)}: {failure}" for failure, titles in names.items()]


def _drivers(candidate: Candidate) -> list[str]:
    looked_at, features = candidate.evaluation.importances, candidate.schema.features
    names = [each.column for each in looked_at if each.low > 0]
    of_some = f" (of {len(looked_at)} of {len(features)} columns: for more there was no time)"
    return [f"{listed(names, 5)}{of_some * (len(looked_at) < len(features))}"] if names else []


def _budget(candidate: Candidate) -> str:
    return f"{format_duration(candidate.budget_s)}, seed {candidate.seed}"
