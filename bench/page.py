"""The page: standings, duels, costs and scores as Markdown, between two marks of a file."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.results import Figures, Result, of_budget
from bench.roster import HOST
from bench.standings import Duel, complete_contests, duel, mean_ranks
from bench.table import ANSWERING_COLUMNS, NOTHING, learning_columns, markdown, other_ways
from modelwright.tasks.metrics import METRICS

BEGIN = "<!-- results: written by the bench -->"
END = "<!-- end of the results -->"


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a page tells of the run beside its figures.

    Parameters
    ----------
    command
        What makes the page again.
    machine, versions
        In words.
    day
        ISO 8601.
    missing
        Who did not take part and why, a sentence each.
    """

    command: str
    machine: str
    versions: str
    day: str
    missing: Sequence[str] = ()


def write_page(path: Path, text: str, *, marks: tuple[str, str] = (BEGIN, END)) -> None:
    """Put the results between the marks of a page; a page without them gets them at its end."""
    begin, end = marks
    old = path.read_text(encoding="utf-8") if path.exists() else "# Results\n"
    head, found, rest = old.partition(begin)
    tail = rest.partition(end)[2] if found else "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{head.rstrip()}\n\n{begin}\n\n{text}\n{end}{tail}", encoding="utf-8")


def results_as_markdown(results: Sequence[Result], run: Run) -> str:
    """Return all tables, a section for each budget."""
    budgets = sorted({result.conditions.budget_s for result in results})
    parts = [f"```\n{run.command}\n```\n", f"{run.day}; {run.machine}; {run.versions}.\n"]
    parts += [_section(of_budget(results, budget), budget) for budget in budgets]
    failures = [failure for result in results for failure in _failures(result)]
    if failures or run.missing:
        points = (f"- {sentence}" for sentence in (*failures, *run.missing))
        parts.append("## What failed\n\n" + "\n".join(points) + "\n")
    return "\n".join(parts)


def _section(results: Sequence[Result], budget_s: float) -> str:
    names = _best_first(results)
    rivals = [name for name in names if name != HOST] if HOST in names else []
    parts = [
        f"## {budget_s:g} seconds\n",
        _learning(results, names, budget_s),
        _duels(results, rivals) if rivals else "",
        _answering(results, names),
        _scores(results, names),
    ]
    return "\n".join(part for part in parts if part)


def _best_first(results: Sequence[Result]) -> list[str]:
    present = (result.conditions.contestant for result in results)
    return list(dict.fromkeys((*mean_ranks(results), *present)))


def _learning(results: Sequence[Result], names: Sequence[str], budget_s: float) -> str:
    ranks, columns = mean_ranks(results), learning_columns(budget_s)
    rows = [
        [
            name,
            f"{ranks[name]:.2f}" if name in ranks else NOTHING,
            str(_failures_of(name, results)),
            *(column.cell(_figures_of(name, results)) for column in columns),
        ]
        for name in names
    ]
    ranked = f"mean rank of {len(complete_contests(results))}"
    return markdown(("to learn", ranked, "failed", *(column.head for column in columns)), rows)


def _answering(results: Sequence[Result], names: Sequence[str]) -> str:
    rows = [
        [name, *(column.cell(_figures_of(name, results)) for column in ANSWERING_COLUMNS)]
        for name in names
    ]
    table = markdown(("to answer", *(column.head for column in ANSWERING_COLUMNS)), rows)
    told = [(name, other_ways(_figures_of(name, results))) for name in names]
    further = "".join(f"\nOther ways of one row in {name}: {w}.\n" for name, w in told if w)
    return table + further


def _duels(results: Sequence[Result], rivals: Sequence[str]) -> str:
    rows = [[rival, *_cells(duel(results, HOST, rival))] for rival in rivals]
    head = (f"{HOST} against", "wins", "ties", "losses", "share of wins (95 %)", "ratio of errors")
    return markdown(head, rows)


def _cells(found: Duel) -> list[str]:
    share = NOTHING
    if found.share is not None:
        ends = f"{100 * found.share.low:.0f} to {100 * found.share.high:.0f}"
        share = f"{100 * found.share.value:.0f} % ({ends})"
    ratio = NOTHING if found.error_ratio is None else f"{found.error_ratio:.3f}"
    return [*map(str, (found.wins, found.ties, found.losses)), share, ratio]


def _scores(results: Sequence[Result], names: Sequence[str]) -> str:
    contests = dict.fromkeys(result.conditions.contest for result in results)
    rows = [
        _scores_of([result for result in results if result.conditions.contest == contest], names)
        for contest in contests
    ]
    return markdown(("set", "metric", *names), rows)


def _scores_of(results: Sequence[Result], names: Sequence[str]) -> list[str]:
    metric = METRICS[results[0].metric]
    upwards = metric.direction == "maximize"
    scores = {r.conditions.contestant: r.figures.score for r in results if r.figures is not None}
    best = (max if upwards else min)(scores.values(), default=math.nan)
    cells = [_score(scores[name], best) if name in scores else NOTHING for name in names]
    return [results[0].conditions.contest, f"{metric.name} {'↑' if upwards else '↓'}", *cells]


def _score(score: float, best: float) -> str:
    text = f"{score:.4f}" if abs(score) < 10 else f"{score:,.1f}"
    return f"**{text}**" if score == best else text


def _failures(result: Result) -> Iterator[str]:
    told, reason = result.conditions, result.failure.replace("`", "'")
    where = f"{told.contestant} on {told.contest}, {told.budget_s:g} s:"
    if reason:
        yield f"{where} `{reason}`"
    if result.figures and result.figures.rows_refused:
        yield f"{where} {result.figures.rows_refused} of 100 single rows were not answered."


def _figures_of(name: str, results: Sequence[Result]) -> list[Figures]:
    mine = (result for result in results if result.conditions.contestant == name)
    return [result.figures for result in mine if result.figures is not None]


def _failures_of(name: str, results: Sequence[Result]) -> int:
    return sum(r.figures is None for r in results if r.conditions.contestant == name)
