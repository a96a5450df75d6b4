"""What is told of ranges and sets is what was measured."""

from msgspec.structs import replace

from modelwright.documents import Candidate, MeasuredCoverage
from modelwright.report.dossier import Dossier
from modelwright.report.everyday import quality
from modelwright.report.page import render_page
from modelwright.report.pictures.coverage import show_coverage, tell_coverage
from modelwright.tasks.interval import Interval


def measured(level: float, share: float, size: float) -> MeasuredCoverage:
    interval = Interval(
        value=share, low=share - 0.012, high=min(1.0, share + 0.012), method="Wilson"
    )
    return MeasuredCoverage(level=level, share=interval, size=size)


def with_coverage(dossier: Dossier, *measures: MeasuredCoverage) -> Candidate:
    assert dossier.candidate
    evaluation = replace(dossier.candidate.evaluation, coverage=measures)
    return replace(dossier.candidate, evaluation=evaluation)


RANGES = (
    measured(0.8, 0.806, 40_000.0),
    measured(0.9, 0.894, 61_250.0),
    measured(0.95, 0.951, 9e4),
)


def test_the_usual_level_is_told_in_everyday_words(houses: Dossier) -> None:
    candidate = with_coverage(houses, *RANGES)
    (sentence,) = tell_coverage(candidate)
    assert "hold the true “sale_price” in 90 of 100 cases" in sentence
    assert "it did in 89.4 (88.2 to 90.6)" in sentence
    assert "61,250 wide on average" in sentence
    assert sentence in quality(candidate)


def test_sets_are_told_by_their_number_of_classes(penguins: Dossier) -> None:
    (sentence,) = tell_coverage(with_coverage(penguins, measured(0.9, 0.91, 1.23)))
    assert "in 90 of 100 cases of each class, or of rare classes together: it" in sentence
    assert "the sets have 1.23 classes on average" in sentence


def test_a_promise_that_was_not_kept_is_owned(houses: Dossier) -> None:
    (kept,) = tell_coverage(with_coverage(houses, measured(0.9, 0.89, 5.0)))
    (broken,) = tell_coverage(with_coverage(houses, measured(0.9, 0.69, 5.0)))
    assert "less than it states" not in kept
    assert broken.endswith("these cases differ from those that it learned from.")


def test_each_level_is_a_row_of_the_picture(houses: Dossier) -> None:
    figure = show_coverage(with_coverage(houses, *RANGES))
    assert figure
    assert [row.name for row in figure.rows] == ["80 % stated", "90 % stated", "95 % stated"]
    assert figure.rows[1].figure == "0.894 (0.882 to 0.906)"
    assert figure.rows[1].note == "mean width 61,250"


def test_the_page_has_a_section_where_coverage_is_stated(houses: Dossier) -> None:
    candidate = with_coverage(houses, *RANGES)
    page = render_page(Dossier(plan=houses.plan, candidate=candidate))
    assert "<h2>Ranges and sets</h2>" in page
    assert "mean width 61,250" in page
    assert "Ranges and sets" not in render_page(Dossier(candidate=with_coverage(houses)))


def test_nothing_stated_nothing_told(houses: Dossier) -> None:
    candidate = with_coverage(houses)
    assert tell_coverage(candidate) == ()
    assert show_coverage(candidate) is None
