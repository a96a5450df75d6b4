"""A pipeline of scikit-learn that no program says, as a graph of ONNX."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from modelwright.data.schema import Kind
from modelwright.errors import LearnerError
from modelwright.learners.foreign.base import Foreign, Need
from modelwright.learners.foreign.conversion import EXTRA, can_convert, graph_of, kinds_of
from modelwright.learners.foreign.draft import Draft
from modelwright.learners.foreign.onnx.whole import WholeGraph
from modelwright.learners.foreign.pipeline import FittedPipeline
from modelwright.learners.foreign.texts import reads_list
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Program
from modelwright.tasks.task import Task


@dataclass(frozen=True)
class ConvertedPipeline:
    """A pipeline that skl2onnx writes as a graph.

    Parameters
    ----------
    pipeline
        As it was learned.
    """

    pipeline: FittedPipeline

    @property
    def title(self) -> str:
        """The class of its model."""
        return f"{self.pipeline.title} as a graph"

    @property
    def needs(self) -> Sequence[Need]:
        """The columns that it reads."""
        return [Need(need.name, self._kinds[need.name]) for need in self._whole.needs]

    def program(self, task: Task) -> Program:
        """Return a program that runs the graph; see `Foreign.program`."""
        draft = Draft()
        return self.pipeline.finished(draft, self._whole.written(draft), task)

    def answers(self, rows: pl.DataFrame, task: Task) -> Floats | None:
        """Return what scikit-learn itself answers."""
        import pandas as pd

        names = self.pipeline.frame.names
        columns = {
            name: _as_learned(rows[name], self._kinds[name]) if name in rows.columns else np.nan
            for name in names
        }
        frame = pd.DataFrame(columns, index=range(len(rows)))
        if reads_list(self.pipeline.fitted):
            return self.pipeline.answers_to(frame[names[0]].to_list(), task)
        return self.pipeline.answers_to(frame.to_numpy() if self.pipeline.columns else frame, task)

    def try_out(self, rows: pl.DataFrame) -> None:
        """Let the graph answer rows in a process of its own; see `Risky`."""
        self._whole.try_out(rows)

    @cached_property
    def _whole(self) -> WholeGraph:
        classes = self.pipeline.answers_classes
        return graph_of(
            self.pipeline.fitted,
            self.pipeline.frame.names,
            as_array=bool(self.pipeline.columns),
            options={"zipmap": False} if classes else None,
        )

    @cached_property
    def _kinds(self) -> dict[str, Kind]:
        learned = kinds_of(self.pipeline.fitted, self.pipeline.frame.names)
        return {n: Kind.NUMERIC if kind == Kind.CODED else kind for n, kind in learned.items()}


def converted(pipeline: FittedPipeline, refusal: LearnerError) -> Foreign:
    """Return a pipeline that no program says as one that stays a graph.

    Parameters
    ----------
    pipeline
        That was refused.
    refusal
        With this reason, which is raised again where a graph would answer no better.

    Raises
    ------
    LearnerError
        When it has no probabilities, or skl2onnx is absent or cannot convert it.
    """
    if pipeline.answers_classes and not hasattr(pipeline.fitted, "predict_proba"):
        raise refusal
    if not can_convert():
        raise LearnerError(
            refusal.found,
            f"{refusal.remedy} Or let it stay a graph: pip install 'modelwright[{EXTRA}]'.",
        )
    made = ConvertedPipeline(pipeline)
    try:
        _ = made.needs
    except LearnerError as error:
        raise LearnerError(f"{refusal.found} {error.found}", error.remedy) from refusal
    return made


def _as_learned(series: pl.Series, kind: Kind) -> Any:
    """Return a column as the pipeline saw it when it learned: missing levels as NaN."""
    if kind == Kind.NUMERIC:
        return series.cast(pl.Float64).to_numpy()
    missing = "" if kind == Kind.TEXT else np.nan
    return np.array([missing if each is None else each for each in series], dtype=object)
