from types import SimpleNamespace
from typing import Any

import numpy as np

from modelwright.maintain.remedies.answering import answers_or, offers_of
from modelwright.maintain.remedies.base import PlainRemedy, Treatment


class Failing:
    """A program with no finite answer to rows that are too large for it."""

    def __init__(self, most: float) -> None:
        self.most = most

    def run(self, columns: Any) -> Any:
        size = columns["size"]
        return np.where(size > self.most, np.inf, size)[:, None]

    def unanswered(self, answers: Any) -> Any:
        return np.isinf(answers).any(axis=1)


COLUMNS = {"size": np.array([1.0, 5.0])}


def test_what_leaves_a_recent_row_without_an_answer_is_not_offered() -> None:
    programs: dict[str, Any] = {"narrow": Failing(2.0), "wide": Failing(9.0)}
    treatments = [Treatment(option=n, sentence="", program=p) for n, p in programs.items()]
    remedy = PlainRemedy("a way", "It mends.", lambda _: iter(treatments))
    situation: Any = SimpleNamespace(recent=SimpleNamespace(columns=COLUMNS))
    assert [each.option for each in offers_of(remedy, situation)] == ["wide"]


def test_where_there_is_no_answer_the_answer_before_stays() -> None:
    program: Any = Failing(2.0)
    assert answers_or(program, COLUMNS, np.array([[8.0], [7.0]])).tolist() == [[1.0], [7.0]]
