"""Random forests by scikit-learn."""

from dataclasses import dataclass
from typing import Literal

from modelwright.compute.budget import Budget
from modelwright.learners.base import Fitted, Rows
from modelwright.learners.trees.forests import RANDOM_FOREST, fit_forest
from modelwright.tasks.task import Task


@dataclass(frozen=True)
class RandomForest:
    """Trees on bootstrap samples; Breiman, "Random forests" (2001).

    Its rounds are trees. More of them never harm, so `check_rows` are not asked.

    Parameters
    ----------
    name, title
        Identifier, and what people read.
    feature_fraction
        Share of columns that each split chooses from.
    rows_per_leaf
        At least; None to try what suits.
    criterion
        By which classes are split; numbers are split by squared error.
    """

    name: str = "random_forest"
    title: str = "Random forest"
    feature_fraction: float = 0.3
    rows_per_leaf: int | None = None
    criterion: Literal["gini", "entropy"] = "gini"

    def suits(self, task: Task) -> bool:
        """Say yes: trees hold frequencies of classes or means."""
        return True

    def fit(
        self,
        rows: Rows,
        *,
        check_rows: Rows | None = None,
        rounds: int | None = None,
        budget: Budget,
        seed: int,
    ) -> Fitted:
        """Grow trees; see `Learner.fit`.

        Raises
        ------
        BudgetError
            When the time ends before the first trees.
        """
        split = {"criterion": self.criterion} if rows.task.is_classification else {}
        return fit_forest(
            RANDOM_FOREST,
            rows,
            settings={"max_features": self.feature_fraction, **split},
            rows_per_leaf=self.rows_per_leaf,
            rounds=rounds,
            budget=budget,
            seed=seed,
        )
