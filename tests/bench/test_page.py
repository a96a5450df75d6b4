from pathlib import Path

from bench.page import BEGIN, END, Run, results_as_markdown, write_page
from bench_results import result

RUN = Run(
    command="python -m bench --data DIR",
    machine="m, 2 cores",
    versions="flaml 1",
    day="2026-01-01",
    missing=["mljar did not take part: no such package."],
)


def test_the_page_has_every_table_and_the_command() -> None:
    results = [
        result(name, contest, score, budget_s=budget)
        for budget in (60.0, 240.0)
        for contest, scores in {"a": (0.9, 0.8), "b": (0.7, None)}.items()
        for name, score in zip(("modelwright", "flaml"), scores, strict=True)
    ]
    text = results_as_markdown(results, RUN)
    assert "python -m bench --data DIR" in text
    assert text.index("## 60 seconds") < text.index("## 240 seconds")
    assert "| modelwright | 1.00 | 0 | 61.0 (≤ 61.0) | +2 % (≤ +2 %) |" in text
    assert "| flaml | 2 | 0 | 0 | 100 % (34 to 100) | 2.000 |" in text
    assert "Other ways of one row in modelwright: program 0.2 (≤ 0.2) ms." in text
    assert "| a | roc_auc ↑ | **0.9000** | 0.8000 |" in text
    assert "| b | roc_auc ↑ | **0.7000** | · |" in text
    assert "- flaml on b, 60 s: `It could not learn: | 'boom'`" in text
    assert "- modelwright on b, 60 s: 7 of 100 single rows were not answered." in text
    assert "- mljar did not take part: no such package." in text


def test_the_page_without_modelwright_has_no_duels() -> None:
    assert "share of wins" not in results_as_markdown([result("flaml", "a", 0.5)], RUN)


def test_results_replace_results_and_the_prose_stays(tmp_path: Path) -> None:
    path = tmp_path / "docs" / "page.md"
    write_page(path, "first\n")
    path.write_text(path.read_text().replace("# Results", "# How\n\nProse.") + "After.\n")
    write_page(path, "second\n")
    assert path.read_text() == f"# How\n\nProse.\n\n{BEGIN}\n\nsecond\n\n{END}\nAfter.\n"
