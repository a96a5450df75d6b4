from pathlib import Path

import pytest

from bench.results import append_result, of_budget, read_results
from bench_results import result
from modelwright.errors import SourceError


def test_what_is_appended_is_read_and_the_newest_counts(tmp_path: Path) -> None:
    path = tmp_path / "work" / "results.jsonl"
    assert read_results(path) == {}
    old, new = result("flaml", "a", None), result("flaml", "a", 0.7)
    for each in (old, result("mljar", "a", 0.6), new):
        append_result(path, each)
    known = read_results(path)
    assert len(known) == 2
    assert known[old.conditions] == new


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "results.jsonl").write_text("{}\n")
    with pytest.raises(SourceError, match="no result"):
        read_results(tmp_path / "results.jsonl")


def test_results_of_one_budget() -> None:
    short, long = result("flaml", "a", 0.5), result("flaml", "a", 0.5, budget_s=240)
    assert of_budget([short, long], 240) == [long]
