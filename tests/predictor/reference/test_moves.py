import numpy as np

from modelwright.predictor.reference.moves import MOVES, log_moved, moves_of_training

_DRAW = np.random.default_rng(0)
_ERROR = 0.15
"""How surely a window tells of its own move."""


def windows(moves: np.ndarray) -> np.ndarray:
    """Return how likely each window's truths were, (windows, 1, moves)."""
    seen = moves + _DRAW.normal(0, _ERROR, len(moves))
    return -0.5 * np.square((MOVES - seen[:, None]) / _ERROR)[:, None]


def bet(past: np.ndarray, now: float, trained: tuple[float, ...] = ()) -> float:
    return float(log_moved(windows(past), windows(np.array([now]))[0], trained)[0])


def trained(spread: float) -> tuple[float, ...]:
    stretches = [windows(_DRAW.normal(0, spread, 8)) for _ in range(4)]
    return moves_of_training(stretches, np.ones(1), doubt=0.01)


def test_it_is_an_e_value_for_a_world_like_that_of_training():
    for spread in (0.05, 0.8):
        known = trained(spread)
        found = [
            bet(_DRAW.normal(0, spread, 2), _DRAW.normal(0, spread), known) for _ in range(200)
        ]
        assert np.exp(found).mean() <= 1.0


def test_a_calm_training_shows_a_move_after_two_windows():
    past = np.zeros(2)
    assert bet(past, 1.5, trained(0.05)) > bet(past, 1.5) + 3


def test_a_rough_training_makes_a_move_no_surprise():
    assert bet(np.zeros(2), 1.5, trained(0.8)) < 2 < bet(np.zeros(2), 1.5)


def test_slow_changes_are_not_rough():
    calm, slow = trained(0.05), windows(np.linspace(0, 1.5, 8))
    found = moves_of_training([slow], np.ones(1), doubt=0.01)
    assert found[0] + found[1] > 0.9 < calm[0] + calm[1]


def test_training_is_never_believed_wholly():
    assert min(trained(0.05)) > 0
