"""A drill is laid out: untouched windows, faulty ones, and what is wrong with these."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np
import polars as pl

from bench.drift.worlds import World
from bench.maintain.drill import CHANCE, PREDICTION, TARGET, Drill, write_drill
from bench.maintain.worlds import TWENTY
from modelwright.data.schema import Kind
from modelwright.errors import InputError
from modelwright.maintain.gameday.faults.base import Fault, Injection, Scene
from modelwright.maintain.gameday.harm import measure_harm
from modelwright.maintain.gameday.traffic import Span, Traffic
from modelwright.maintain.gameday.weights import columns_by_weight
from modelwright.maintain.log.live_rows import LiveRows
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.bundle_folder import write_bundle

TRUTH = "truth.json"
_ROWS = 500
_REFERENCE = 10
"""Windows before the first that is judged, and at most half of all."""
_FEWEST_WINDOWS = 8
_LASTS = 3
"""Windows that a fault lasts when its harm is measured; the first of them is judged."""
_COLUMNS = 2
_NUMBERS, _CATEGORIES = (Kind.NUMERIC, Kind.BOOLEAN), (Kind.CATEGORICAL, Kind.CODED)


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """How much is drilled.

    Parameters
    ----------
    starts
        At how many places each fault begins.
    windows
        The most windows of a set.
    """

    starts: int
    windows: int


class Faulty(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with a faulty window.

    Parameters
    ----------
    past
        How many untouched windows come before it.
    fault
        Its name.
    columns
        Those that are changed; none where rows or labels are.
    causes
        The kinds of cause that are right.
    harm
        ``"harmful"``, ``"broken"`` where the score does not feel it, ``"harmless"`` for a change of
        the world that does no harm.
    """

    past: int
    fault: str
    columns: tuple[str, ...]
    causes: tuple[str, ...]
    harm: str


def lay_out(world: World, faults: Sequence[Fault], folder: Path, *, size: Size) -> None:
    """Write the windows of a world, untouched and with each fault.

    Parameters
    ----------
    world
        A model and its traffic.
    faults
        Those that are injected.
    folder
        Where the windows and the model are written.
    size
        How many windows and places.

    Raises
    ------
    InputError
        There are too few rows.
    """
    traffic, bundle = world.cut(window_rows=_ROWS), world.bundle
    if world.name != TWENTY:
        traffic = Traffic(traffic.span(0, min(traffic.windows, size.windows)), traffic.window_rows)
    if traffic.windows < _FEWEST_WINDOWS or traffic.window_rows < _ROWS:
        raise InputError(f"{world.name} has too few rows for {_FEWEST_WINDOWS} windows of {_ROWS}.")
    for part in ("untouched", "faults"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    for number, span in enumerate(traffic.cut(traffic.span(0, traffic.windows))):
        _write(span, bundle, folder / "untouched" / f"{number:04d}.parquet")
    shutil.rmtree(folder / "bundle", ignore_errors=True)
    write_bundle(bundle, folder / "bundle")
    reference = min(_REFERENCE, traffic.windows // 2)
    wrong = list[Faulty]()
    for start in _starts(traffic.windows, reference, size.starts):
        for told, span in _faulty_windows(bundle, traffic, faults, start):
            _write(span, bundle, folder / "faults" / f"{len(wrong):04d}.parquet")
            wrong.append(told)
    (folder / TRUTH).write_bytes(msgspec.json.encode(wrong))
    read = {each.name for each in bundle.program.inputs}
    columns = [column for column in bundle.schema if column.name in read]
    write_drill(
        Drill(
            folder=str(folder),
            bundle=str(folder / "bundle"),
            task="regression" if bundle.program.task.kind == "regression" else "binary",
            numbers=[each.name for each in columns if each.kind in _NUMBERS],
            categories=[each.name for each in columns if each.kind in _CATEGORIES],
            windows=traffic.windows,
            reference=reference,
            cases=[each.past for each in wrong],
        )
    )


def read_truth(folder: Path) -> list[Faulty]:
    """Return what is wrong with each faulty window."""
    return msgspec.json.decode((folder / TRUTH).read_bytes(), type=list[Faulty])


def _starts(windows: int, reference: int, count: int) -> list[int]:
    """Spread the places over the windows that are judged, with twice a fault's room at the end."""
    last = max(reference, windows - 2 * _LASTS)
    places = np.linspace(reference, last, count + 1)[:-1] if count > 1 else [reference]
    return sorted({round(float(place)) for place in places})


def _faulty_windows(
    bundle: Bundle, traffic: Traffic, faults: Sequence[Fault], start: int
) -> Iterator[tuple[Faulty, Span]]:
    before = traffic.span(0, start)
    scene = Scene(
        task=bundle.program.task,
        columns=columns_by_weight(bundle, before.table, seed=0),
        before=before,
        ahead=traffic.span(start, traffic.windows),
        columns_aimed_at=_COLUMNS,
        seed=start,
    )
    plain = traffic.span(start, min(traffic.windows, start + _LASTS))
    for fault in faults:
        for injection in fault.aims(scene):
            changed, beside = injection.change(plain), injection.beside(plain)
            told = Faulty(
                past=start,
                fault=fault.name,
                columns=injection.columns,
                causes=injection.causes,
                harm=_harm(injection, beside.answered(bundle), changed.answered(bundle)),
            )
            yield told, changed.part(0, traffic.window_rows)


def _harm(injection: Injection, plain: LiveRows, changed: LiveRows) -> str:
    if injection.harm == "always":
        return "harmful"
    if measure_harm(plain, changed, paired=injection.is_paired).is_certain:
        return "harmful"
    return "broken" if injection.is_broken else "harmless"


def _write(span: Span, bundle: Bundle, path: Path) -> None:
    """Write a window with what the model answers and what came true."""
    rows, task = span.answered(bundle), bundle.program.task
    truth = rows.truth.astype(np.float64)
    own = {TARGET: np.where(rows.labelled, truth, np.nan)}
    if task.kind == "regression":
        own[PREDICTION] = rows.answers[:, 0]
    else:
        own |= {PREDICTION: rows.answers.argmax(axis=1) * 1.0, CHANCE: rows.answers[:, 1]}
    made = [pl.Series(name, values, nan_to_null=True) for name, values in own.items()]
    span.table.with_columns(made).write_parquet(path)
