"""`python -m bench.attribution BUNDLE TABLE`: how exact parts of answers are, and what they take.

The largest standard error of a part and the processor's time of one explanation, by sampling alone
and with what the program knows, in the median of some rows; and the time of the report's figure.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import TypeVar

import click
import numpy as np
import polars as pl

from modelwright.build.judging.movements import measure_movements
from modelwright.compute.budget import Budget
from modelwright.data.conform import columns_of, conform
from modelwright.data.records import Columns
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.bundle_folder import read_bundle
from modelwright.predictor.explanations.background import background_of
from modelwright.predictor.explanations.contributions import Contributions, contributions
from modelwright.predictor.explanations.led_back import lead_back
from modelwright.predictor.operations.base import Floats

_TIME_S = 600.0
_Made = TypeVar("_Made")


@click.command()
@click.argument("bundle", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("table", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--rows", type=click.IntRange(1), default=10, show_default=True, help="To explain.")
def command(bundle: Path, table: Path, *, rows: int) -> None:
    """Measure how exact the parts of answers to rows of a TABLE in Parquet are."""
    model = read_bundle(bundle)
    columns = columns_of(conform(pl.read_parquet(table), model.schema), model.schema)
    for name, led in (("sampled alone", False), ("with the program", True)):
        made = [_explained(model, _row(columns, place), led=led) for place in range(rows)]
        errors, seconds = zip(*made, strict=True)
        click.echo(f"{name:<18}{_told(errors)} largest error, {_told(seconds)} s")
    taken = _timed(
        lambda: measure_movements(model.program, columns, budget=Budget.start(_TIME_S), seed=0)
    )
    click.echo(f"{'the report':<18}{taken[1]:.2f} s")


def _row(columns: Columns, place: int) -> Columns:
    return {name: values[place : place + 1] for name, values in columns.items()}


def _explained(model: Bundle, row: Columns, *, led: bool) -> tuple[float, float]:
    background = background_of(model)
    known = {each.name: row[each.name] for each in model.program.inputs}
    output = int(model.run(known)[0].argmax())

    def answer(rows: Columns) -> Floats:
        return np.asarray(model.run(rows)[:, output])

    def explain() -> Contributions:
        return contributions(
            known,
            background,
            answer,
            led_back=lambda: (
                lead_back(model.program, known, background.columns, output=output) if led else None
            ),
        )

    made, seconds = _timed(explain)
    return max(made.errors.values()), seconds


def _timed(work: Callable[[], _Made]) -> tuple[_Made, float]:
    begun = time.process_time()
    return work(), time.process_time() - begun


def _told(figures: Sequence[float]) -> str:
    return f"{median(figures):.3g}"


if __name__ == "__main__":
    command()
