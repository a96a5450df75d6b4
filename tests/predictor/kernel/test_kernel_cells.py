"""Cells that the kernel finds, and numbers that it reads, to the bits of Python's own."""

import random
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.predictor.kernel.cells import cut
from modelwright.predictor.kernel.library import Library


def _cut(kernel: Library, text: str, *, columns: int = 1, ends: bool = True, most: int = 10_000):
    return cut(text.encode(), separator=",", columns=columns, most=most, ends=ends, library=kernel)


def _numbers(kernel: Library, texts: list[str]) -> dict[str, float]:
    """Return the texts that the kernel reads as numbers."""
    numbers, others = _cut(kernel, "".join(f"{text}\n" for text in texts)).numbers(0)
    left = set(others)
    read = zip(texts, numbers.tolist(), strict=True)
    return {text: number for row, (text, number) in enumerate(read) if row not in left}


def _random_numbers() -> list[str]:
    draw = random.Random(7)
    bits = (struct.unpack("d", struct.pack("Q", draw.getrandbits(64)))[0] for _ in range(500))
    texts = [repr(each) for each in bits if each == each]
    texts += [repr(draw.uniform(-1, 1) * 10 ** draw.randint(-6, 9)) for _ in range(2000)]
    texts += [
        f"{draw.getrandbits(draw.randint(1, 64))}e{draw.randint(-25, 25)}" for _ in range(2000)
    ]
    # Halfway between two doubles, and just beside.
    for _ in range(300):
        half = (draw.getrandbits(52) | 1 << 52) * 2 + 1
        texts += [str(half), f"{half}.0", f"{half * 10 + draw.randint(-1, 1)}e-1"]
    return texts


def test_numbers_have_the_bits_of_python(kernel):
    texts = _random_numbers()
    read = _numbers(kernel, texts)
    assert all(number.hex() == float(text).hex() for text, number in read.items())
    usual = [repr(each) for each in np.random.default_rng(1).normal(size=100).tolist()]
    assert len(_numbers(kernel, usual)) > 90


@given(st.text(alphabet="01259.eE+-_ xinf", max_size=12))
def test_what_is_no_plain_number_is_left(kernel, text):
    for number in _numbers(kernel, [text or "1"]).values():
        assert number.hex() == float(text or "1").hex()


@pytest.mark.parametrize(
    "text",
    ["1_0", " 1", "1 ", "inf", "nan", "0x10", "1e", "e5", ".", "+", "--1", "1.2.3", "1e5000000"],
)
def test_other_ways_to_write_a_number_are_left(kernel, text):
    assert not _numbers(kernel, [text])


def test_a_record_that_may_go_on_is_left(kernel):
    for text, used in {
        'a,b\n"c': 4,
        "a,b\nc": 4,
        'a,b\n"c"': 4,
        "a,b\n": 4,
        "a": 0,
        'a,"b\n': 0,
    }.items():
        found = _cut(kernel, text, columns=2, ends=False)
        assert (found.used, found.rows, found.state) == (used, used // 4, "sound")


@pytest.mark.parametrize("text", ['"a', '"a"b\n', "a\0\n", '"a\0"\n', "x" * (1 << 20) + "x\n"])
def test_text_without_a_sure_end_is_odd(kernel, text):
    assert _cut(kernel, text).state == "odd"


def test_no_more_records_than_asked_are_found(kernel):
    found = _cut(kernel, "1,2\n3,4\n5,6\n", columns=2, most=2)
    assert (found.rows, found.used, found.texts(1)) == (2, 8, ["2", "4"])
    assert _cut(kernel, "1\n2,3\n").state == "ragged"
    with pytest.raises(ValueError, match="more than can be cut"):
        cut(b"a" * ((1 << 29) + 1), separator=",", columns=1, most=1, ends=True, library=kernel)


def test_equal_texts_are_numbered_once(kernel):
    texts = ["b", "a", '"b"', '"b""c"', "", "ü", "b"] * 700
    found = _cut(kernel, "".join(f"{text},\n" for text in texts), columns=2)
    levels, codes = found.groups(0)
    expected = ["b", "a", "b", 'b"c', None, "ü", "b"] * 700
    assert [levels[code] for code in codes] == expected
    assert len(levels) == len({*levels})
