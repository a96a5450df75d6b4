import pytest

from example_bundle import make_bundle
from modelwright.compute.limits import NO_LIMITS, Limits
from modelwright.deploy.measured import exceeded, judge_served
from modelwright.predictor.bundle_folder import write_bundle
from modelwright.serving.measure import Taken

TAKEN = Taken(load_s=0.1, row_s=0.001, size_bytes=1000, memory_bytes=4000)


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (NO_LIMITS, []),
        (Limits(latency_s=0.001, size_bytes=1000, memory_bytes=4000), []),
        (Limits(latency_s=0.0005), ["a row may take 0.5 ms"]),
        (Limits(size_bytes=999), ["the program may have 999 B on disk"]),
        (Limits(memory_bytes=3999), ["it may take 4 KB of memory"]),
    ],
)
def test_what_is_exceeded_is_said(limits, words):
    found = exceeded(TAKEN, limits)
    assert len(found) == len(words)
    assert [each.partition(" ")[0] for each in found] == [each.partition(" ")[0] for each in words]


def test_a_gate_tells_what_the_bundle_takes(tmp_path):
    write_bundle(make_bundle(), tmp_path / "b")
    free = judge_served(tmp_path / "b", NO_LIMITS)
    assert free.passed
    assert "no limit is set" in free.evidence
    tight = judge_served(tmp_path / "b", Limits(size_bytes=10))
    assert not tight.passed
    assert "too much: the program may have" in tight.evidence


def test_what_cannot_be_measured_is_no_pass(tmp_path):
    gate = judge_served(tmp_path, NO_LIMITS)
    assert not gate.passed
    assert "no bundle" in gate.evidence
