"""modelwright: the watch that `modelwright maintain` runs."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from bench.maintain.drill import CHANCE, PREDICTION, TARGET, Drill
from bench.maintain.peers.base import Signal, Watcher, main
from modelwright.documents import Health
from modelwright.errors import ModelwrightError
from modelwright.maintain.log.live_rows import LiveRows, live_rows_of
from modelwright.maintain.watch.watch import Watch
from modelwright.predictor.bundle_folder import read_bundle
from modelwright.predictor.labels import label_text
from modelwright.tasks.metrics import metric_named


class Modelwright:
    """The model under watch; its bundle has what training saw."""

    failures = (ModelwrightError,)

    def __init__(self, drill: Drill) -> None:
        self.bundle = read_bundle(Path(drill.bundle))
        metric = metric_named(self.bundle.facts.metric, self.bundle.program.task)
        self.watch = Watch(self.bundle, metric)

    def read(self, path: Path) -> LiveRows:
        """Return a window with its answers, as a ledger has them."""
        table, target = pl.read_parquet(path), self.bundle.facts.target
        truth = table[TARGET].rename(target)
        if classes := self.bundle.program.task.classes:
            names = pl.Series([label_text(each) for each in classes])
            truth = names.gather(truth.cast(pl.Int64)).rename(target)
        features = table.drop(TARGET, PREDICTION, CHANCE, strict=False)
        return live_rows_of(features.with_columns(truth), self.bundle)

    def accept(self, window: LiveRows) -> None:
        """Judge it for good."""
        _, self.watch = self._judged(window)

    def judge(self) -> Callable[[LiveRows], Mapping[str, Signal]]:
        """Return what judges a window and does not remember it."""
        return lambda window: {"modelwright": _signal(self._judged(window)[0])}

    def _judged(self, window: LiveRows) -> tuple[Health, Watch]:
        return self.watch.judge(window, made_at=datetime.now(UTC))


def _signal(health: Health) -> Signal:
    named = [name for cause in health.causes for name in cause.columns]
    kind = health.causes[0].kind if health.causes else ""
    return Signal(alarm=not health.healthy, columns=tuple(dict.fromkeys(named)), kind=kind)


def _watchers(drill: Drill) -> list[Watcher]:
    return [Modelwright(drill)]


if __name__ == "__main__":
    main(_watchers)
