import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.compute.limits import (
    NO_LIMITS,
    Limits,
    format_bytes,
    format_latency,
    limits_of,
    parse_bytes,
    parse_latency,
)
from modelwright.errors import BriefError


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5ms", 0.005),
        ("300us", 3e-4),
        ("300 µs", 3e-4),
        ("1s", 1.0),
        ("0.01", 0.01),
        (5e-05, 5e-05),
    ],
)
def test_latencies(text, seconds):
    assert parse_latency(text) == seconds


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("5MB", 5_000_000),
        ("1.5 gb", 1_500_000_000),
        ("12kB", 12_000),
        ("1TB", 10**12),
        ("2MiB", 2**21),
        (7, 7),
    ],
)
def test_sizes(text, count):
    assert parse_bytes(text) == count


@pytest.mark.parametrize("text", ["", "0ms", "-1ms", "5 minutes", "fast", True, "1e400", "1e99"])
def test_what_is_no_limit_is_refused(text):
    with pytest.raises(BriefError, match="latency above zero"):
        parse_latency(text)


def test_empty_text_sets_no_limit():
    assert limits_of("", size="", memory="") == NO_LIMITS
    assert not NO_LIMITS.any
    assert limits_of("", size="1kB", memory="").any


def test_each_limit_has_its_place():
    found = limits_of("1ms", size="2kB", memory="3kB")
    assert found == Limits(latency_s=0.001, size_bytes=2000, memory_bytes=3000)


@given(st.integers(1, 10**14))
def test_a_size_in_words_is_near_the_size(count):
    number, unit = format_bytes(count).split()
    assert parse_bytes(f"{number}{unit}") == pytest.approx(count, rel=0.06)


@given(st.floats(1e-6, 1.0))
def test_a_latency_in_words_is_near_the_latency(seconds):
    assert float(format_latency(seconds).split()[0].replace(",", "")) / 1e3 == pytest.approx(
        seconds, rel=0.06
    )
