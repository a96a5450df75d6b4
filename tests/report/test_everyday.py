"""What people are told is what the documents say."""

import pytest
from msgspec.structs import replace

from modelwright.documents import Candidate
from modelwright.report.dossier import Dossier
from modelwright.report.everyday import answer, quality
from modelwright.tasks.interval import Interval
from modelwright.tasks.metrics import METRICS
from modelwright.tasks.task import Task


def candidate_of(dossier: Dossier) -> Candidate:
    assert dossier.candidate
    return dossier.candidate


def test_the_answer_follows_the_documents(flights: Dossier) -> None:
    steps = [
        Dossier(plan=flights.plan),
        Dossier(plan=flights.plan, findings=flights.findings),
        Dossier(candidate=flights.candidate),
        flights,
    ]
    words = [answer(step).word for step in steps]
    assert words == ["Planned", "Explored", "Not yet released", "Released"]


def test_a_model_that_runs_elsewhere_is_watched(flights: Dossier) -> None:
    assert flights.health
    ill = replace(flights.health, healthy=False)
    told = [answer(Dossier(release=flights.release, health=each)) for each in (None, ill)]
    assert [each.word for each in told] == ["Watched", "Needs care"]
    assert "runs elsewhere" in told[1].sentence


def test_leaks_are_counted_by_column(flights: Dossier) -> None:
    assert "5 of its columns know the answer" in answer(Dossier(findings=flights.findings)).sentence


def test_a_shut_gate_is_named(houses: Dossier) -> None:
    told = answer(houses)
    assert told.tone == "bad"
    assert "“the budget is kept”" in told.sentence


def test_no_gain_is_a_no(penguins: Dossier) -> None:
    told = answer(penguins)
    assert told.word == "Not worth it"
    assert "the commonest species of each island" in told.sentence


def test_bad_health_asks_for_care(wide: Dossier) -> None:
    told = answer(wide)
    assert told.tone == "care"
    assert told.sentence.endswith("mend what is sent to it.")


def test_a_typical_error_is_in_the_targets_unit(houses: Dossier) -> None:
    typical, deciding, *_ = quality(candidate_of(houses))
    assert "18,904 (17,484 to 20,324) off the true “sale_price”" in typical
    assert "29,812 (25,901 to 33,723)" in deciding
    assert "78,120" in deciding


@pytest.mark.parametrize("metric", [*METRICS, "of_another_package"])
def test_every_metric_has_its_sentence(flights: Dossier, metric: str) -> None:
    task = Task(kind="binary", classes=("no", "yes"))
    score = Interval(value=0.5, low=0.4, high=0.6, method="")
    candidate = candidate_of(flights)
    evaluation = replace(candidate.evaluation, score=score, baseline_score=score)
    told = quality(replace(candidate, metric=metric, task=task, evaluation=evaluation))
    assert any("0.50 (0.40 to 0.60)" in each or "40 to 60" in each for each in told)
    assert not any("{" in each for each in told)


def test_braces_in_a_name_are_only_a_name(houses: Dossier) -> None:
    told = quality(replace(candidate_of(houses), target="{title}{0}"))
    assert any("“{title}{0}”" in each for each in told)
