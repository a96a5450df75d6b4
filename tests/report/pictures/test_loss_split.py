import dataclasses

from msgspec.structs import replace

from modelwright.report.dossier import Dossier
from modelwright.report.page import render_page
from modelwright.report.pictures.loss_split import draw_courses, show_shares, split_lines
from modelwright.report.terminal.describe import describe


def test_each_cause_has_a_bar_and_a_picture(flights: Dossier) -> None:
    assert flights.health
    figure = show_shares(flights.health)
    assert figure is not None
    assert [row.name for row in figure.rows] == ["covariate drift of temp", "concept drift"]
    assert figure.rows[0].note == "71 % (49 % to 93 %) of the change"
    assert [each.title for each in draw_courses(flights.health)] == ["covariate drift of temp"]


def test_the_page_shows_the_rows_that_prove_it(flights: Dossier) -> None:
    page = render_page(flights)
    assert "Why the loss changed" in page
    assert "31.04" in page


def test_the_terminal_names_the_largest_first(flights: Dossier) -> None:
    assert flights.health
    lines = split_lines(flights.health)
    assert lines[0].startswith("The loss grew by 6.2 %")
    assert lines[1].startswith("71 % (49 % to 93 %) covariate drift of temp: ")
    assert "covariate drift of temp" in describe(flights.health)


def test_where_nothing_is_wrong_nothing_is_shown(flights: Dossier) -> None:
    assert flights.health
    health = replace(flights.health, split=None)
    assert show_shares(health) is None
    assert split_lines(health) == []
    page = render_page(dataclasses.replace(flights, health=health))
    assert "Why the loss changed" not in page
