"""The ways to solve the task, with what each is expected to take."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from modelwright.compute.budget import format_duration
from modelwright.documents import Scheme
from modelwright.documents.plan import ADOPTED
from modelwright.learners.portfolio import usual_families
from modelwright.plan.pace import Work, spans_of, take_or_refuse
from modelwright.plan.probes import Probe
from modelwright.tasks.figures import figure
from modelwright.tasks.metrics import Metric

_RULE = "rule"
_BASELINE, _READABLE, _BOOSTED = "baseline", "readable", "boosted trees"
_PAIR, _PORTFOLIO = "line and trees", "portfolio"
_SCHEMES: dict[str, tuple[str, tuple[str, ...]]] = {
    _BASELINE: ("one rule on one column", (_RULE,)),
    _READABLE: ("a linear model", ("linear",)),
    _BOOSTED: ("one gradient boosting", ("lightgbm",)),
    _PAIR: ("a boosting and a linear model, blended", ("lightgbm", "linear")),
    _PORTFOLIO: (
        "several models, blended",
        usual_families(),
    ),
    ADOPTED: ("a model that is there already", ()),
}
"""Title and learners of each scheme; the boosting is tried first, so that it is cut short last."""
_MERITS = {
    _BASELINE: "What the others have to beat; right when nothing more can be learned",
    _READABLE: "Its weights can be read one by one",
    _BOOSTED: "It finds what columns only say together",
    _PAIR: "A line and trees err differently, so that their blend answers better than either",
    ADOPTED: "It learns nothing here, and is judged beside one rule on one column",
    _PORTFOLIO: "Models that err differently answer better together than any alone",
}
USUAL_SCHEMES = tuple(name for name in _SCHEMES if name != ADOPTED)
_REFITTED = 0.6
"""Of several learners, the part that ends in the blend and learns again from all rows."""
_OTHERS_S = 5.0
"""For the baselines, blending and judging."""


def probed_learners(schemes: Sequence[str] = USUAL_SCHEMES) -> tuple[str, ...]:
    """Return every learner that some scheme uses, in the order in which they are tried."""
    used = {learner for name in schemes for learner in _SCHEMES[name][1]}
    return tuple(each for each in (_RULE, *_SCHEMES[_PORTFOLIO][1]) if each in used)


def list_schemes(
    probes: Sequence[Probe],
    work: Work,
    metric: Metric,
    *,
    schemes: Sequence[str] = USUAL_SCHEMES,
) -> tuple[Scheme, ...]:
    """Return the candidate schemes from the narrowest to the widest; the widest is chosen.

    A learner that failed its probe, or that could do only a small part of its work in its share of
    the budget, is in no blend, and the reason says so.

    Parameters
    ----------
    probes
        What the learners cost and scored on a sample.
    work
        Rows, folds and time.
    metric
        In which the samples were scored.
    schemes
        Those that are drawn up, by their names.
    """
    found = {probe.learner.name: probe for probe in probes}
    drafts: dict[tuple[str, ...], _Draft] = {}
    for name in schemes:
        draft = _Draft.of(name, found, work)
        if draft.learners or name in (_BASELINE, ADOPTED):
            # A scheme that lost a learner is an earlier one, with the reason for the loss.
            drafts[draft.learners] = drafts.get(draft.learners, draft).joined(draft)
    *_, widest = drafts.values()
    scores = {draft.name: _best_score(draft.probes, metric) for draft in drafts.values()}
    return tuple(
        Scheme(
            name=draft.name,
            title=draft.title,
            learners=draft.learners,
            reason=_reason(draft, scores, work, metric),
            expected_s=round(draft.expected_s, 1),
            probe=_measured(draft.probes),
            expected_score=scores[draft.name],
            chosen=draft is widest,
            size_bytes=round(draft.expected_bytes(work.rows)),
        )
        for draft in drafts.values()
    )


@dataclass(frozen=True)
class _Draft:
    """A scheme before its reason is written.

    Parameters
    ----------
    probes
        Of its learners.
    refusals
        Why learners that belong to it are left out.
    cut_short
        Titles of learners that the budget will cut short.
    """

    name: str
    title: str
    probes: tuple[Probe, ...]
    refusals: tuple[str, ...]
    cut_short: tuple[str, ...]
    expected_s: float

    @classmethod
    def of(cls, name: str, found: dict[str, Probe], work: Work) -> "_Draft":
        title, wanted = _SCHEMES[name]
        taken, refusals = take_or_refuse([found[each] for each in wanted], work)
        spans = list(spans_of(taken, work)) if name != _BASELINE else []
        refit_s = sum(span.refit_s for span in spans) * (_REFITTED if len(spans) > 1 else 1.0)
        return cls(
            name=name,
            title=title,
            probes=taken,
            refusals=refusals,
            cut_short=tuple(
                probe.learner.title
                for probe, span in zip(taken, spans, strict=False)
                if span.done < 1.0
            ),
            expected_s=_OTHERS_S + sum(span.folds_s for span in spans) + refit_s,
        )

    def expected_bytes(self, rows: int) -> float:
        """Return the size of a blend of all its learners; of the rule where there is no other.

        0 where a probe was cut short: how far its program would have grown is unknown.
        """
        learners = [probe for probe in self.probes if probe.learner.name != _RULE] or self.probes
        if any(probe.cut_short or not probe.measures for probe in learners):
            return 0.0
        return sum(probe.expected_bytes(rows) for probe in learners)

    @property
    def learners(self) -> tuple[str, ...]:
        """What is tried; the rule is tried with every scheme, as its baseline."""
        return tuple(probe.learner.name for probe in self.probes if probe.learner.name != _RULE)

    def joined(self, other: "_Draft") -> "_Draft":
        """Take over the refusals of a scheme that came down to the same learners."""
        refusals = tuple(dict.fromkeys((*self.refusals, *other.refusals)))
        return replace(self, refusals=refusals)


def _reason(draft: _Draft, scores: dict[str, float | None], work: Work, metric: Metric) -> str:
    parts = [_MERITS[draft.name], _compared(draft.name, scores, metric), *draft.refusals]
    if draft.cut_short:
        named = _listed(draft.cut_short)
        parts.append(f"{named} will be cut short by the budget of {format_duration(work.budget_s)}")
    return "; ".join(part for part in parts if part) + "."


def _compared(name: str, scores: dict[str, float | None], metric: Metric) -> str:
    """Say how the scheme's best learner did on the sample beside the rival's."""
    rival = {_READABLE: _BOOSTED, _BOOSTED: _READABLE}.get(name, _BASELINE)
    mine, theirs = scores.get(name), scores.get(rival)
    if mine is None:
        return ""
    score = f"{figure(mine)} {metric.title}"
    if theirs is None or name == rival:
        return f"on the sample {score}"
    gain = metric.gain(mine, theirs)
    verdict = "better than" if gain > 0 else "worse than" if gain < 0 else "as good as"
    best = "" if name in (_READABLE, _BOOSTED) else "its best model "
    return f"on the sample {best}{score}, {verdict} {_SCHEMES[rival][0]} ({figure(theirs)})"


def _measured(probes: Sequence[Probe]) -> str:
    parts = [
        f"{probe.learner.title} {format_duration(probe.measures[-1].seconds)} on "
        f"{probe.measures[-1].rows:,} rows"
        for probe in probes
        if probe.measures
    ]
    if not probes:
        return ""
    silent = [probe.learner.title for probe in probes if not probe.measures]
    if silent:
        parts.append(f"nothing could be measured of {_listed(silent)}")
    return f"One fit: {', '.join(parts)}; scores are from before leaks are removed."


def _best_score(probes: Sequence[Probe], metric: Metric) -> float | None:
    best = None
    for probe in probes:
        if probe.score is not None and (best is None or metric.better(probe.score, best)):
            best = probe.score
    return best


def _listed(names: Sequence[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
