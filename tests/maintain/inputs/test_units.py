import numpy as np
import pytest
from numpy.typing import NDArray

from modelwright.data.schema import Column, Kind, Schema
from modelwright.maintain.inputs.units import find_slip
from modelwright.predictor.reference.distribution import Binned
from modelwright.predictor.reference.reference import reference_of
from modelwright.tasks.task import Task


def trained_on(values: NDArray) -> Binned:
    schema = Schema(columns=(Column(name="x", kind=Kind.NUMERIC),))
    reference = reference_of({"x": values}, schema, values[:1, None], Task(kind="regression"))
    found = reference.columns["x"]
    assert isinstance(found, Binned)
    return found


def temperatures(seed: int) -> NDArray:
    return np.random.default_rng(seed).normal(15.0, 8.0, 2_000)


def distances(seed: int) -> NDArray:
    return np.random.default_rng(seed).lognormal(1.0, 0.8, 2_000)


class TestFindSlip:
    @pytest.mark.parametrize(
        ("factor", "offset", "sentence"),
        [
            (1.8, 32.0, "as if degrees Celsius had become degrees Fahrenheit"),
            (1 / 1.8, -32 / 1.8, "as if degrees Fahrenheit had become degrees Celsius"),
            (1.0, 273.15, "as if degrees Celsius had become kelvins"),
        ],
    )
    def test_temperatures(self, factor: float, offset: float, sentence: str) -> None:
        live = temperatures(2) * factor + offset
        assert find_slip(trained_on(temperatures(1)), live) == sentence

    @pytest.mark.parametrize(
        ("factor", "sentence"),
        [
            (0.621371, "as if kilometres had become miles"),
            (1 / 0.621371, "as if miles had become kilometres"),
            (1000.0, "as if units had become thousandths"),
            (1 / 60, "as if minutes had become hours"),
        ],
    )
    def test_lengths_and_times(self, factor: float, sentence: str) -> None:
        assert find_slip(trained_on(distances(1)), distances(2) * factor) == sentence

    @pytest.mark.parametrize("moved", [0.0, -6.0, 4.0])
    def test_another_season_is_no_slip(self, moved: float) -> None:
        assert find_slip(trained_on(temperatures(1)), temperatures(2) + moved) == ""

    @pytest.mark.parametrize("factor", [0.5, 1.5, 2.0, 4.0])
    def test_growth_is_no_slip(self, factor: float) -> None:
        assert find_slip(trained_on(distances(1)), distances(2) * factor) == ""

    @pytest.mark.parametrize(
        "live", [np.full(50, np.nan), np.array([]), np.full(50, np.inf), np.zeros(50)]
    )
    def test_nothing_to_go_by(self, live: NDArray) -> None:
        assert find_slip(trained_on(temperatures(1)), live) == ""

    def test_few_different_values_say_nothing(self) -> None:
        trained = trained_on(np.repeat([0.0, 1.0], 50))
        assert find_slip(trained, np.repeat([0.0, 1000.0], 50)) == ""
