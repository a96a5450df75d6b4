"""The model card: what a person must know before using the model (Mitchell et al., 2019)."""

from collections.abc import Iterable, Iterator, Sequence

from modelwright.documents import Candidate, Evaluation
from modelwright.tasks.figures import figure
from modelwright.tasks.interval import Interval

_SHOWN = 10


def write_card(
    candidate: Candidate,
    *,
    no_source: str = "",
    carried: Sequence[str] = (),
    formulas: Sequence[str] = (),
) -> str:
    """Return the card of a candidate as Markdown.

    The sections follow Mitchell et al., "Model cards for model reporting" (2019).

    Parameters
    ----------
    candidate
        What is described.
    no_source
        Why the bundle has no exported source; empty when it has one.
    carried
        Titles of the members that its exported source carries over as they were learned.
    formulas
        What it computes by features that packages have added.
    """
    sections = (
        _head(candidate),
        _score(candidate),
        _use(candidate, formulas),
        _limits(candidate),
        _drivers(candidate.evaluation),
        _gates(candidate),
        _origin(candidate, no_source, carried),
    )
    return "\n\n".join("\n".join(section) for section in sections) + "\n"


def _head(candidate: Candidate) -> Iterator[str]:
    yield f"# {_plain(candidate.question or f'Predict {candidate.target}')}"
    yield ""
    yield _plain(candidate.verdict)


def _score(candidate: Candidate) -> Iterator[str]:
    evaluation = candidate.evaluation
    yield "## How good it is"
    yield ""
    part = f" of {evaluation.there:,}, drawn at random," if evaluation.is_of_part else ""
    yield f"Measured once on {evaluation.rows:,} rows{part} that nothing was learned from."
    yield ""
    yield "| | score | interval |"
    yield "|---|---|---|"
    yield _row(f"{candidate.metric}, this model", evaluation.score)
    yield _row(f"{candidate.metric}, {candidate.baseline}", evaluation.baseline_score)
    yield _row("gain", evaluation.gain)
    for name, score in evaluation.others.items():
        yield _row(name, score)


def _use(candidate: Candidate, formulas: Sequence[str]) -> Iterator[str]:
    task = candidate.task
    yield "## Intended use"
    yield ""
    answers = (
        f"one of {_names(str(label) for label in task.classes)}" if task.classes else "a number"
    )
    yield f"It answers {_code(candidate.target)} with {answers}, from these columns:"
    yield f"{_names(column.name for column in candidate.schema.features)}."
    if formulas:
        yield f"It computes {_names(formulas)}, which somebody proposed and which paid."
    if candidate.threshold is not None:
        yield ""
        yield (
            f"From a probability of {figure(candidate.threshold)} on, the answer is "
            f"{_code(str(task.positive))}: {_plain(candidate.threshold_reason)}"
        )
    if candidate.class_weights:
        pairs = zip(task.classes, candidate.class_weights, strict=True)
        weights = _names(f"{label}: {figure(weight)}" for label, weight in pairs)
        yield ""
        yield (
            "The answer is the class with the greatest product of its weight and its probability "
            f"({weights}): {_plain(candidate.threshold_reason)}"
        )


def _limits(candidate: Candidate) -> Iterator[str]:
    yield "## Limits"
    yield ""
    yield "- The score holds for rows of the same kind as the holdout; a world that changes is"
    yield "  outside of it, so watch it with `modelwright maintain`."
    yield "- It finds what goes together with the answer, not what causes it."
    yield f"- It learned from {candidate.training_rows:,} rows."
    if candidate.streaming:
        yield f"- Of a table that memory does not hold. {_plain(candidate.streaming.sentence)}"
    if candidate.calibration:
        yield f"- Calibration: {_plain(candidate.calibration)}"
    worst = sorted(
        candidate.evaluation.slices, key=lambda each: -(each.score.high - each.score.low)
    )
    for piece in worst[:3]:
        name = f"{_code(piece.column)} = {_code(piece.level)}"
        yield f"- Least is known where {name} ({piece.rows:,} rows): {_range(piece.score)}."


def _drivers(evaluation: Evaluation) -> Iterator[str]:
    yield "## What drives it"
    yield ""
    if not evaluation.importances:
        yield "Not measured."
    for each in sorted(evaluation.importances, key=lambda one: -one.loss)[:_SHOWN]:
        yield f"- {_code(each.column)}: the score loses {figure(each.loss)} when it is shuffled"


def _gates(candidate: Candidate) -> Iterator[str]:
    yield "## Gates"
    yield ""
    for gate in candidate.gates:
        yield f"- {'passed' if gate.passed else 'FAILED'}: {gate.name} ({_plain(gate.evidence)})"


def _origin(candidate: Candidate, no_source: str, carried: Sequence[str]) -> Iterator[str]:
    learners = [trial.title for trial in candidate.trials if trial.weight > 0]
    yield "## Where it comes from"
    yield ""
    yield f"Built {candidate.made_at} with the seed {candidate.seed} from: {', '.join(learners)}."
    yield "The data contract is in `contract.yaml`, every step in `program.json`."
    if no_source:
        yield f"There is no project in `source/` that learns it again: {_plain(no_source)}."
    elif carried:
        yield "A project in `source/` learns it again without modelwright, but for what is carried"
        yield f"over as it was learned: {', '.join(map(_plain, carried))}. The project says why."
    else:
        yield "A project that learns it again without modelwright is in `source/`."


def _row(name: str, score: Interval) -> str:
    return f"| {_plain(name)} | {figure(score.value)} | {_range(score)} |"


def _range(score: Interval) -> str:
    return f"{figure(score.low)} to {figure(score.high)} ({score.level:.0%})"


def _names(names: Iterable[str]) -> str:
    return ", ".join(_code(name) for name in names)


def _code(text: str) -> str:
    # What came from data must not end the code span or the table's cell it stands in.
    return f"`{text.replace('`', chr(39)).replace('|', '/')}`".replace("\n", " ")


def _plain(text: str) -> str:
    escaped = text.replace("<", "&lt;").replace("|", "\\|").replace("`", "'")
    return " ".join(escaped.split())
