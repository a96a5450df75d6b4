import dataclasses

from msgspec.structs import replace

from modelwright.documents import Health
from modelwright.report.dossier import Dossier
from modelwright.report.page import render_page
from modelwright.report.pictures.live_score import (
    cost_lines,
    estimate_lines,
    period_lines,
    periods_agree,
    show_live_slices,
    show_periods,
)
from modelwright.report.terminal.describe import describe


def health_of(dossier: Dossier) -> Health:
    assert dossier.health
    return dossier.health


def test_both_scores_of_a_period_stand_below_each_other(flights: Dossier) -> None:
    figure = show_periods(health_of(flights))
    assert figure is not None
    assert [row.note for row in figure.rows[:2]] == ["estimated", "realised on 13,634 labels"]
    assert "that the model was not tested on" in figure.rows[2].note
    assert figure.rows[2].figure == "—"


def test_the_terminal_says_the_same(flights: Dossier) -> None:
    health = health_of(flights)
    lines = period_lines(health)
    assert "0.699 " in lines[0]
    assert "not estimated, no labels yet" in lines[1]
    assert lines[-1] == periods_agree(health)
    assert periods_agree(health) == ("The realised score lay in the estimated interval in 1 of 1.")
    assert estimate_lines(health)[1].startswith("From its probabilities")
    assert cost_lines(health)[0].startswith("a thousand answers cost: 512")
    assert "EUR" in describe(health)


def test_an_older_health_shows_nothing(flights: Dossier) -> None:
    bare = replace(
        health_of(flights), estimated=None, estimate="", periods=(), slices=(), costs=None
    )
    assert (show_periods(bare), show_live_slices(bare)) == (None, None)
    assert (period_lines(bare), estimate_lines(bare), cost_lines(bare)) == ([], [], [])
    assert "The score of live rows" not in render_page(replace_health(flights, bare))


def test_the_page_has_the_picture(flights: Dossier) -> None:
    page = render_page(flights)
    assert "The score of live rows" in page
    assert "carrier = MQ" in page
    assert "a thousand answers cost" in page


def replace_health(dossier: Dossier, health: Health) -> Dossier:
    return dataclasses.replace(dossier, health=health)
