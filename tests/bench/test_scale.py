from math import log

import pytest

from bench.scale import Growth


def points(function):
    return tuple((n, function(n), 100.0) for n in (10_000, 100_000, 1_000_000))


@pytest.mark.parametrize(
    ("function", "is_kept"),
    [
        (lambda n: 1.0, True),
        (lambda n: n / 10_000, True),
        (lambda n: n * log(n) / 10_000, True),
        (lambda n: (n / 10_000) ** 1.5, False),
        (lambda n: (n / 1e9) ** 2, True),
    ],
)
def test_what_grows_faster_than_n_log_n_is_found(function, is_kept):
    assert Growth("x", points(function)).is_kept is is_kept
