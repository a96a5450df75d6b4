import numpy as np
import pytest

from modelwright.predictor.emitters.sql.thresholds import before_rounding

_LARGEST = float(np.finfo(np.float32).max)


@pytest.mark.parametrize("below", [True, False])
def test_a_number_goes_left_as_it_does_once_it_is_rounded(below):
    draw = np.random.default_rng(1)
    plain = np.concatenate(
        [
            draw.normal(size=300) * 10.0 ** draw.integers(-46, 39, size=300),
            draw.normal(size=50).astype(np.float32).astype(np.float64),
            [0.0, -0.0, 1e-45, -1e-45, 1e-50, -1e-50, _LARGEST, -_LARGEST, 1e39, -1e39, 3.5e38],
        ]
    )
    ends = before_rounding(plain, below=below)
    for numbers in (ends, np.nextafter(ends, np.inf), np.nextafter(ends, -np.inf), plain):
        with np.errstate(over="ignore"):
            rounded = numbers.astype(np.float32).astype(np.float64)
        left = rounded < plain if below else rounded <= plain
        np.testing.assert_array_equal(numbers <= ends, left)
