"""`python -m bench.leaks`: how many known leaks `explore` drops, and how many honest columns.

The catalogue of the data says of each set which columns must be dropped and which may be asked
about. Beside them, leaks of known kinds are planted into the honest columns of each set, one at a
time. Nothing is built: only the plan and the findings are made.
"""

import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
import polars as pl

from bench.plants import AFTER, BEFORE, GROUP, PLANTS
from modelwright.documents import Findings
from modelwright.engineer.project import Project
from modelwright.errors import ModelwrightError

_ROWS = 8_000
_BUDGET = "60s"
_PAIR = {BEFORE, AFTER}


@dataclass(frozen=True)
class Told:
    """What was found in one table.

    Parameters
    ----------
    wanted, found, flagged
        Hard leaks, how many of them were dropped, and how many of the others were asked about.
    honest, refused
        Columns that nobody would call leaks, and those of them that were dropped as such.
    """

    wanted: int
    found: int
    flagged: int
    honest: int
    refused: tuple[str, ...]


@click.command(context_settings={"max_content_width": 100})
@click.option("--data", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--only", default="", metavar="SET,…", help="These sets of the catalogue.")
@click.option("--planted/--known", default=True, help="Whether leaks are planted too.")
def main(data: Path, *, only: str, planted: bool) -> None:
    """Measure recall on hard leaks, and the share of honest columns that are refused.

    Example: python -m bench.leaks --data ../data --only bike_hourly,adult
    """
    chosen = set(only.split(",")) if only else None
    known: list[Told] = []
    spoiled: dict[str, list[Told]] = {name: [] for name in PLANTS}
    for entry in json.loads((data / "catalog.json").read_text())["datasets"]:
        table = data / entry["name"] / f"{entry['name']}.parquet"
        if (chosen and entry["name"] not in chosen) or not table.exists():
            continue
        if entry["task"] not in ("binary", "multiclass", "regression"):
            continue
        for kind, told in _ask(entry, table, planted=planted):
            click.echo(f"{entry['name']}, {kind}: {_in_words(told)}")
            (known if kind == "as it is" else spoiled[kind]).append(told)
    for kind, every in {"known leaks": known, **spoiled}.items():
        if every:
            click.echo(f"{kind}: {_summed(every)}")


def _ask(entry: Mapping[str, Any], path: Path, *, planted: bool) -> Iterator[tuple[str, Told]]:
    table = _rows_of(path)
    expected = entry["expected"]
    hard, soft = set(expected["must_drop"]), set(expected["should_flag"])
    told = _explored(entry, table, hard=hard, soft=soft)
    if told is not None:
        yield "as it is", told
    if not planted:
        return
    honest = table.drop([name for name in hard | soft if name in table.columns])
    target = table[entry["target"]]
    for kind, plant in PLANTS.items():
        columns = plant(target, np.random.default_rng(0))
        if columns:
            names = {column.name for column in columns} - {GROUP}
            spoiled = honest.with_columns(columns)
            told = _explored(entry, spoiled, hard=names, soft=set())
            if told is not None:
                yield kind, told


def _rows_of(path: Path) -> pl.DataFrame:
    """Return the rows of a set, evenly thinned out, so that they keep their order in time."""
    table = pl.read_parquet(path)
    return table.gather_every(max(1, len(table) // _ROWS)).head(_ROWS)


def _explored(
    entry: Mapping[str, Any], table: pl.DataFrame, *, hard: set[str], soft: set[str]
) -> Told | None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            findings = Project.create(
                folder, data=table, target=entry["target"], budget=_BUDGET
            ).explore()
        except ModelwrightError as error:
            click.echo(f"{entry['name']}: {error}", err=True)
            return None
    return _judged(findings, entry, table, hard=hard, soft=soft)


def _judged(
    findings: Findings,
    entry: Mapping[str, Any],
    table: pl.DataFrame,
    *,
    hard: set[str],
    soft: set[str],
) -> Told:
    dropped = {
        name for leak in findings.leaks if leak.verdict == "certain" for name in leak.columns
    }
    asked = {name for leak in findings.leaks for name in leak.columns} - dropped
    # What the model does not read for another reason cannot leak either.
    gone = dropped | {refusal.column for refusal in findings.refused}
    if hard == _PAIR and hard & gone:
        # Of two numbers whose difference tells, one alone tells nothing.
        hard = hard & gone
    wanted = hard & set(table.columns)
    honest = set(table.columns) - hard - soft - {entry["target"], *entry["expected"]["ids"]}
    return Told(
        wanted=len(wanted),
        found=len(wanted & gone),
        flagged=len((wanted & asked) - gone),
        honest=len(honest),
        refused=tuple(sorted(dropped & honest)),
    )


def _in_words(told: Told) -> str:
    wrong = f", wrongly {', '.join(told.refused)}" if told.refused else ""
    asked = f", {told.flagged} asked about" if told.flagged else ""
    return f"{told.found} of {told.wanted} leaks dropped{asked}, {told.honest} honest{wrong}"


def _summed(every: list[Told]) -> str:
    wanted, found = sum(each.wanted for each in every), sum(each.found for each in every)
    honest = sum(each.honest for each in every)
    refused = sum(len(each.refused) for each in every)
    asked = sum(each.flagged for each in every)
    share = f"{found / wanted:.0%}" if wanted else "none"
    return (
        f"{found} of {wanted} leaks dropped ({share}), {asked} asked about, {refused} of {honest} "
        f"honest columns refused ({refused / honest:.1%}), {len(every)} tables"
    )


if __name__ == "__main__":
    main()
