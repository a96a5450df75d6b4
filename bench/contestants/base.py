"""What a contestant is: a peer, driven as its documentation tells its users to."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from bench.job import Job

Array = NDArray[Any]
Calls = Sequence[Callable[[], object]]


class Contestant(ABC):
    """A peer that learns, saves, loads and answers; `bench.contestants.stages` calls it.

    Parameters
    ----------
    job
        What to do.

    Attributes
    ----------
    vocabulary
        The peer's word for each of our metrics that it can tune for.
    metric
        That word for the job's metric; None where it has none and keeps its default.
    classes
        The codes of the classes in the order of the columns of `answer`; known after it.
    """

    vocabulary: ClassVar[Mapping[str, str]] = {}
    classes: Sequence[int] = ()

    def __init__(self, job: Job) -> None:
        self.job = job
        # To learn log(1 + y) for the squared error is to tune for the error of the logarithms.
        self.learns_logarithm = job.metric == "rmsle" and "rmsle" not in self.vocabulary
        self.metric = self.vocabulary.get("rmse" if self.learns_logarithm else job.metric)

    def read(self, path: str) -> Any:
        """Return the rows of a parquet file as the frame that the peer likes best."""
        import pandas as pd

        return pd.read_parquet(path)

    def take(self, table: Any, places: Sequence[int]) -> Any:
        """Return the rows at some places of a frame, in that order."""
        return table.iloc[list(places)].reset_index(drop=True)

    @abstractmethod
    def fit(self, X: Any, y: Any) -> None:
        """Learn within the budget of the job."""

    @abstractmethod
    def save(self, folder: Path) -> None:
        """Write all that is needed to answer, and no more, into a folder that is not there yet."""

    @abstractmethod
    def load(self, folder: Path) -> None:
        """Get ready to answer in a process that has not seen the training."""

    @abstractmethod
    def answer(self, X: Any) -> Array:
        """Return probabilities of shape (rows, classes), or numbers of shape (rows,)."""

    @abstractmethod
    def decide(self, X: Any) -> Array:
        """Return codes of classes of shape (rows,)."""

    def ways(self, rows: Sequence[Any]) -> dict[str, Calls]:
        """Return the ways to answer one row, each as one call for each row.

        Parameters
        ----------
        rows
            Frames of one row.
        """
        return {"frame": [partial(self.answer, row) for row in rows]}

    def of_scale(self, numbers: Array) -> Array:
        """Return numbers on the scale of the target."""
        return np.expm1(numbers) if self.learns_logarithm else numbers
