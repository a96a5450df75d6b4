"""The watch: windows of live rows judged one after another."""

from dataclasses import dataclass
from datetime import datetime

from modelwright.documents import Health
from modelwright.maintain.health import judge_rows
from modelwright.maintain.live_rows import LiveRows
from modelwright.predictor.bundle import Bundle
from modelwright.tasks.metrics import Metric


@dataclass(frozen=True)
class Watch:
    """A model under watch, with what the windows so far have shown.

    Parameters
    ----------
    bundle
        The model.
    metric
        By which it was chosen.
    """

    bundle: Bundle
    metric: Metric

    def judge(self, rows: LiveRows, *, made_at: datetime) -> tuple[Health, "Watch"]:
        """Judge the next window; return its health and the watch that has seen it."""
        return judge_rows(self.bundle, rows, metric=self.metric, made_at=made_at), self
