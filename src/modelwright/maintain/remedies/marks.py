"""What each choice spared on past windows: the later the more it counts, and no world is for ever.

A change may last, or be over tomorrow: a spell, or two worlds that take turns. So a mark is what a
choice spared of late, less what it would cost should another world come, or come back. How likely
that is follows from how long this one has lasted, by Laplace's rule of succession: one change in so
many windows. While a change is young, what does well in both worlds comes before what has learned
the new one alone; the longer it lasts, the less the old one counts.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

_FORGOTTEN = 0.7
"""What a window counts beside the one after it."""

Key = TypeVar("Key", bound=Hashable)


@dataclass
class Marks(Generic[Key]):
    """What each choice has spared so far.

    Examples
    --------
    >>> marks = Marks[str]()
    >>> marks.learn({"retrain": 0.2, "roll back": -0.1})
    >>> marks.best({"roll back": 0.0, "recalibrate": 0.0, "retrain": 0.0})
    'retrain'
    >>> round(marks.of("retrain"), 3), round(marks.of("retrain", elsewhere=-0.4), 3)
    (0.1, -0.1)
    """

    spared: dict[Key, float] = field(default_factory=dict)
    worst: dict[Key, float] = field(default_factory=dict)
    windows: int = 0
    _most: float = 0.0
    _weight: float = 0.0

    def learn(self, done: Mapping[Key, float]) -> None:
        """Take in what each choice spared in a window.

        What is offered no more spared nothing. What is offered for the first time stands as the
        best did by then: it is judged by the windows that it has answered.
        """
        self.windows += 1
        for key in {**self.spared, **done}:
            now = done.get(key, 0.0)
            self.spared[key] = _FORGOTTEN * self.spared.get(key, self._most) + now
            self.worst[key] = min(self.worst.get(key, 0.0), now)
        self._most = _FORGOTTEN * self._most + max([0.0, *done.values()])
        self._weight = _FORGOTTEN * self._weight + 1.0

    def of(self, key: Key, *, elsewhere: float = 0.0) -> float:
        """Return the mark of a choice; 0 where it was never made.

        Parameters
        ----------
        key
            The choice.
        elsewhere
            What it would spare should what was before the trouble come back; below zero a cost.
        """
        if key not in self.spared:
            return 0.0
        turns = 2.0 / (self.windows + 3.0)
        of_late = self.spared[key] / self._weight
        return (1.0 - turns) * of_late + turns * min(elsewhere, self.worst[key])

    def best(self, offered: Mapping[Key, float]) -> Key | None:
        """Return the best of those offered, the first of equals; None where none is.

        Parameters
        ----------
        offered
            Choices, each with what it spares elsewhere.
        """
        return max(offered, key=lambda key: self.of(key, elsewhere=offered[key]), default=None)
