"""Of a hundred cases, so many: what people are told of how often a model is right."""

import pytest
from msgspec.structs import replace

from modelwright.documents import Candidate, MeasuredQuantile
from modelwright.report.dossier import Dossier
from modelwright.report.everyday import quality
from modelwright.report.hundreds import hundreds, positive_name
from modelwright.report.pictures.drawings import draw_curves
from modelwright.report.voice import voice_of
from modelwright.tasks.interval import Interval
from modelwright.tasks.task import Label, Task


def candidate_of(dossier: Dossier) -> Candidate:
    assert dossier.candidate
    return dossier.candidate


def test_warnings_are_counted_of_a_hundred(flights: Dossier) -> None:
    right, found = hundreds(candidate_of(flights))
    assert right.sentence == "Of 100 cases that it warns about, 37 were “late”."
    assert right.count == 37
    assert "1,892 of 5,110" in right.beside
    assert "16 of 100" in right.beside
    assert right.beside.startswith("33 to 41 with 95 % confidence: ")
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


def test_a_quantile_is_told_by_how_often_it_was_not_exceeded(houses: Dossier) -> None:
    candidate = candidate_of(houses)
    share = Interval(value=0.89, low=0.86, high=0.91, method="Wilson")
    below = MeasuredQuantile(level=0.9, share=share)
    evaluation = replace(candidate.evaluation, below=below)
    candidate = replace(candidate, evaluation=evaluation)
    (told,) = hundreds(candidate)
    assert told.sentence == "Of 100 cases, 89 had a “sale_price” at its answer or below."
    assert told.beside == "86 to 91 with 95 % confidence: 90 should."
    assert "bei 89 höchstens bei der Antwort" in hundreds(candidate, voice_of("de"))[0].sentence
    assert not any("off the true" in each for each in quality(candidate))
    drawn = {each.title: each.sentence for each in draw_curves(evaluation, target="sale_price")}
    assert "90 of 100 should lie" in drawn["Predicted and real"]


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
