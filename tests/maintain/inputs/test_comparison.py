import numpy as np
import pytest
from numpy.typing import NDArray

from modelwright.maintain.inputs.comparison import SAME, compare_counts, hold_family

SHAPES = (
    np.full(20, 1 / 20),
    np.array([0.5, 0.5]),
    np.array([0.99, 0.01]),
    np.array([0.997, 0.002, 0.001]),
    np.array([0.1, 0.1, 0.0, 0.8]),
    1 / np.arange(1, 103) ** 1.3 / (1 / np.arange(1, 103) ** 1.3).sum(),
)
"""Even bins, a coin, rare events, mostly missing, and a heavy tail of levels."""


def draw_blocks(
    random: np.random.Generator, shares: NDArray, *, blocks: int, rows: int, spread: float
) -> NDArray:
    """Draw counts of blocks whose log-odds differ by a spread: 0 for independent rows."""
    tilted = shares * np.exp(spread * random.normal(size=(blocks, len(shares))))
    tilted /= tilted.sum(axis=1, keepdims=True)
    return random.multinomial(rows, tilted)


def family_errors(
    *, blocks: int, rows: int, spread: float, repeats: int, rate: float = 0.01
) -> tuple[float, float]:
    """Return how often a family of steady columns is reported, and how often it is alarming."""
    random = np.random.default_rng(7)
    reported = alarming = 0
    for _ in range(repeats):
        compared = [
            compare_counts(
                draw_blocks(random, shares, blocks=150, rows=rows, spread=spread).sum(axis=0),
                draw_blocks(random, shares, blocks=blocks, rows=rows, spread=spread),
            )
            for shares in SHAPES * 2
        ]
        certain = hold_family(np.array([each.p_value for each in compared])) <= rate
        reported += certain.any()
        alarming += any(c and each.excess > 0.1 for c, each in zip(certain, compared, strict=True))
    return reported / repeats, alarming / repeats


class TestFalseAlarms:
    @pytest.mark.parametrize(("blocks", "rows"), [(10, 20), (20, 200), (5, 100)])
    def test_independent_rows_keep_the_stated_rate(self, blocks: int, rows: int) -> None:
        reported, alarming = family_errors(blocks=blocks, rows=rows, spread=0.0, repeats=100)
        # 100 families at 1 % give five or more by chance in fewer than 1 % of cases.
        assert reported <= 4 / 100
        assert alarming == 0

    @pytest.mark.parametrize(("blocks", "rows"), [(30, 300), (7, 100)])
    def test_rows_that_are_alike_by_day_keep_it_approximately(self, blocks: int, rows: int) -> None:
        reported, alarming = family_errors(blocks=blocks, rows=rows, spread=0.5, repeats=120)
        assert reported <= 0.03
        assert alarming <= 0.01

    def test_a_test_for_independent_rows_would_not(self) -> None:
        random = np.random.default_rng(3)
        days = draw_blocks(random, SHAPES[0], blocks=30, rows=300, spread=0.5)
        trained = draw_blocks(random, SHAPES[0], blocks=150, rows=300, spread=0.5).sum(axis=0)
        shuffled = random.multinomial(300, days.sum(axis=0) / days.sum(), size=30)
        assert compare_counts(trained, shuffled).p_value < 1e-6
        assert compare_counts(trained, days).p_value > 0.01


class TestCompareCounts:
    def test_a_change_is_found_in_few_days(self) -> None:
        random = np.random.default_rng(1)
        trained = random.multinomial(10_000, SHAPES[0])
        moved = random.multinomial(100, np.linspace(0.0, 0.1, 20), size=7)
        found = compare_counts(trained, moved)
        assert found.p_value < 1e-4
        assert found.excess > 0.2

    def test_levels_that_training_did_not_have(self) -> None:
        found = compare_counts(np.array([10**6, 0]), np.full((10, 2), 50))
        assert found.p_value < 1e-6
        assert found.distance > 0.5

    def test_disjoint(self) -> None:
        found = compare_counts(np.array([1000, 0]), np.array([[0, 100]] * 10))
        assert found.distance == pytest.approx(1.0)
        assert found.p_value < 1e-6

    @pytest.mark.parametrize(
        ("reference", "blocks"),
        [
            ([10, 10], [[5, 5]]),
            ([10, 10], [[0, 0], [0, 0]]),
            ([0, 0], [[5, 5], [4, 6]]),
            ([10, 0], [[5, 0], [5, 0], [5, 0]]),
            ([10], [[5], [5]]),
            ([2, 1], [[1, 0], [0, 1], [1, 0]]),
        ],
    )
    def test_nothing_to_compare(self, reference: list[int], blocks: list[list[int]]) -> None:
        assert compare_counts(np.array(reference), np.array(blocks)) == SAME

    def test_equal_blocks_are_as_sure_as_independent_rows(self) -> None:
        found = compare_counts(np.array([500, 500]), np.array([[50, 50]] * 10))
        assert (found.p_value, found.distance) == (1.0, 0.0)

    def test_blocks_without_rows_do_not_count(self) -> None:
        blocks = np.array([[12, 8], [9, 11], [7, 13]])
        padded = np.vstack([blocks, np.zeros((5, 2), dtype=int)])
        trained = np.array([300, 700])
        assert compare_counts(trained, padded) == compare_counts(trained, blocks)
