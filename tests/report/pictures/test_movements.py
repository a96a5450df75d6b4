from msgspec.structs import replace

from dossiers import moved
from modelwright.report.pictures.movements import say_exactness, say_movements, show_movements


def test_a_probability_moves_in_points_and_a_number_in_its_unit(flights, houses):
    of_flights = show_movements(flights.candidate.evaluation.movements, flights.candidate)
    assert of_flights.rows[0].figure.endswith(" points")
    assert of_flights.rows[0].note == "up as it rises"
    assert of_flights.rows[1].note == "down as it rises"
    assert of_flights.rows[2].note == ""
    of_houses = show_movements(houses.candidate.evaluation.movements, houses.candidate)
    assert of_houses.rows[0].figure == "18,263"


def test_high_values_are_filled_and_low_ones_hollow(flights):
    candidate = flights.candidate
    movement = replace(
        candidate.evaluation.movements.columns[0],
        parts=(-0.1, 0.0, 0.1, 0.2),
        places=(0.0, 0.5, 1.0, None),
    )
    movements = replace(candidate.evaluation.movements, columns=(movement,))
    mark = str(show_movements(movements, candidate).rows[0].mark)
    assert [mark.count(f"grain {look}") for look in ("low", "other", "high")] == [1, 2, 1]


def test_columns_without_dots_have_a_bar(wide):
    rows = show_movements(wide.candidate.evaluation.movements, wide.candidate).rows
    assert "grain" in rows[9].mark
    assert "bar" in rows[10].mark


def test_what_moves_and_how_exactly_is_said(flights, penguins, houses):
    told = say_movements(flights.candidate.evaluation.movements, flights.candidate)
    assert "the probability of “late”" in told
    assert "60 of the rows" in told
    assert "the class that it answers" in say_movements(moved(("a",), 1.0), penguins.candidate)
    assert "exact for scores" in say_exactness(flights.candidate.evaluation.movements)
    assert "exact Shapley values of the answers" in say_exactness(
        houses.candidate.evaluation.movements
    )
