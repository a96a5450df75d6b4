"""What people are told is what the documents say."""

import pytest
from msgspec.structs import replace

from modelwright.documents import Candidate
from modelwright.report.dossier import Dossier
from modelwright.report.everyday import answer, hundreds, positive_name, quality
from modelwright.tasks.interval import Interval
from modelwright.tasks.metrics import METRICS
from modelwright.tasks.task import Label, Task


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


def test_warnings_are_counted_of_a_hundred(flights: Dossier) -> None:
    right, found = hundreds(candidate_of(flights))
    assert right.sentence == "Of 100 cases that it warns about, 37 were “late”."
    assert right.count == 37
    assert "1,892 of 5,110" in right.beside
    assert "16 of 100" in right.beside
    assert right.beside.startswith("32.8 to 41.2 with 95 % confidence: ")
    assert found.sentence == "Of 100 cases that were “late”, it finds 41."


@pytest.mark.parametrize(("warned", "positives", "told"), [(0, 10, 1), (0, 0, 0), (7, 10, 2)])
def test_what_did_not_happen_is_not_told(
    flights: Dossier, warned: int, positives: int, told: int
) -> None:
    candidate = candidate_of(flights)
    evaluation = replace(
        candidate.evaluation, warned=warned, warned_right=0, positives=positives, rows=100
    )
    assert len(hundreds(replace(candidate, evaluation=evaluation))) == told


def test_right_answers_of_several_classes(penguins: Dossier) -> None:
    (right,) = hundreds(candidate_of(penguins))
    assert right.sentence == "Of 100 answers, 77 are right."
    assert right.beside == "67 to 87 with 95 % confidence."


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


@pytest.mark.parametrize(
    ("classes", "name"),
    [
        ((False, True), "“late”"),
        ((0, 1), "“late”"),
        (("no", "Yes"), "“late”"),
        (("paid", "defaulted"), "“defaulted”"),
        ((1, 2), "“late = 2”"),
    ],
)
def test_what_is_sought_has_a_name(classes: tuple[Label, ...], name: str) -> None:
    assert positive_name(Task(kind="binary", classes=classes), "late") == name
