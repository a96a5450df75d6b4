"""`python -m bench.leaks`: how many known leaks `explore` drops, and how many honest columns.

The catalogue of the data says of each set which columns must be dropped and which may be asked
about. Beside them, leaks of known kinds are planted into the honest columns of each set, one at a
time. Nothing is built: only the plan and the findings are made.
"""

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
import polars as pl

from modelwright.documents import Findings
from modelwright.engineer.project import Project
from modelwright.errors import ModelwrightError

_ROWS = 8_000
_BUDGET = "60s"
PLANTED = "planted"
_PAIR = {f"{PLANTED} before", f"{PLANTED} after"}

Plant = Callable[[pl.Series, np.random.Generator], list[pl.Series]]


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
            names = {column.name for column in columns}
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


def _codes(target: pl.Series) -> np.ndarray:
    """Return classes as numbers, and numbers as they are; NaN where there is no answer."""
    if target.dtype.is_numeric():
        return target.cast(pl.Float64).fill_null(np.nan).to_numpy(writable=True)
    ranks = target.cast(pl.String).rank("dense").cast(pl.Float64)
    return ranks.fill_null(np.nan).to_numpy(writable=True)


def _copy(target: pl.Series, rng: np.random.Generator) -> list[pl.Series]:
    """Another word for the answer, wrong in one row of a hundred; a number with a little noise."""
    codes = _codes(target)
    if _is_number(target):
        noise = 1 + 0.005 * rng.normal(size=len(codes))
        return [pl.Series(PLANTED, codes * noise).fill_nan(None)]
    wrong = rng.random(len(codes)) < 0.01
    codes[wrong] = rng.permutation(codes)[wrong]
    return [pl.Series(PLANTED, [_word(code) for code in codes])]


def _filled_later(target: pl.Series, rng: np.random.Generator) -> list[pl.Series]:
    """A number that only the rows of one class have."""
    if _is_number(target):
        return []
    codes = _codes(target)
    rare = min(np.unique(codes[~np.isnan(codes)]), key=lambda code: (codes == code).sum())
    numbers = np.where(codes == rare, rng.gamma(2.0, 10.0, len(codes)).round(1), np.nan)
    return [pl.Series(PLANTED, numbers).fill_nan(None)]


def _parts(target: pl.Series, rng: np.random.Generator) -> list[pl.Series]:
    """Two numbers whose sum is the answer."""
    if not _is_number(target):
        return []
    codes = _codes(target)
    part = codes * rng.uniform(0.2, 0.8, len(codes))
    both = (pl.Series(f"{PLANTED} 1", part), pl.Series(f"{PLANTED} 2", codes - part))
    return [each.fill_nan(None) for each in both]


def _before_and_after(target: pl.Series, rng: np.random.Generator) -> list[pl.Series]:
    """Two numbers whose difference is the answer."""
    if not _is_number(target):
        return []
    codes = _codes(target)
    before = rng.uniform(0, 20 * (np.nanstd(codes) or 1.0), len(codes))
    both = (pl.Series(f"{PLANTED} before", before), pl.Series(f"{PLANTED} after", before + codes))
    return [each.fill_nan(None) for each in both]


def _flags(target: pl.Series, rng: np.random.Generator) -> list[pl.Series]:
    """Three flags, one of which is set for each row of one class, and none for the others."""
    if _is_number(target):
        return []
    codes = _codes(target)
    rare = min(np.unique(codes[~np.isnan(codes)]), key=lambda code: (codes == code).sum())
    which = np.where(codes == rare, rng.integers(1, 4, len(codes)), 0)
    return [pl.Series(f"{PLANTED} {flag}", (which == flag).astype(int)) for flag in (1, 2, 3)]


def _is_number(target: pl.Series) -> bool:
    return target.dtype.is_numeric() and target.n_unique() > 20


def _word(code: float) -> str | None:
    return None if np.isnan(code) else f"state {code:g}"


PLANTS: dict[str, Plant] = {
    "copy": _copy,
    "filled later": _filled_later,
    "parts": _parts,
    "before and after": _before_and_after,
    "flags": _flags,
}
"""Kinds of leaks, by what is planted."""


if __name__ == "__main__":
    main()
