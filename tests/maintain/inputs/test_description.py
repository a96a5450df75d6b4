import numpy as np
import pytest

from modelwright.maintain.inputs.description import describe_change
from modelwright.maintain.wording import percent
from modelwright.predictor.reference.distribution import Binned, Distribution, Levels
from modelwright.tasks.figures import figure

DAY = 86_400_000_000.0


class TestDescribeChange:
    @pytest.mark.parametrize(
        ("distribution", "counts", "sentence"),
        [
            (
                Binned(measure="value", edges=(0.0, 10.0), counts=(10, 80, 10, 0)),
                [0, 40, 60, 0],
                "60 % of rows above 10, 10 % before.",
            ),
            (
                Binned(measure="value", edges=(), counts=(10, 0)),
                [5, 5],
                "50 % of rows missing, 0 % before.",
            ),
            (
                Binned(measure="moment", edges=(366 * DAY,), counts=(9, 1, 0)),
                [0, 10, 0],
                "100 % of rows after 1971-01-02 00:00, 10 % before.",
            ),
            (
                Binned(measure="length", edges=(40.0,), counts=(5, 5, 0)),
                [10, 0, 0],
                "100 % of rows of at most 40 characters, 50 % before.",
            ),
            (
                Levels(levels=("AA", "UA"), counts=(60, 40, 0, 0)),
                [30, 70, 0, 0],
                "70 % of rows 'UA', 40 % before.",
            ),
            (
                Levels(levels=("AA",), counts=(99, 0, 1)),
                [50, 50, 0],
                "50 % of rows with a level never seen before, 0 % before.",
            ),
        ],
    )
    def test_the_largest_growth_is_told(
        self, distribution: Distribution, counts: list[int], sentence: str
    ) -> None:
        assert describe_change("'x'", distribution, np.array(counts)) == f"'x': {sentence}"


class TestWording:
    @pytest.mark.parametrize(
        ("share", "text"),
        [(0.0, "0 %"), (1.0, "100 %"), (0.5, "50 %"), (0.012, "1.2 %"), (0.00001, "0.00 %")],
    )
    def test_percent(self, share: float, text: str) -> None:
        assert percent(share) == text

    @pytest.mark.parametrize(
        ("value", "text"), [(0.0, "0"), (-39.9, "-39.9"), (12345.6, "12,346"), (1e-9, "1e-09")]
    )
    def test_number(self, value: float, text: str) -> None:
        assert figure(value) == text
