"""What each choice spared on past windows: the later the more it counts."""

from collections.abc import Hashable, Iterable, Mapping
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
    >>> marks.best(["roll back", "recalibrate", "retrain"]), marks.of("recalibrate")
    ('retrain', 0.0)
    """

    spared: dict[Key, float] = field(default_factory=dict)

    def learn(self, done: Mapping[Key, float]) -> None:
        """Take in what each choice spared in a window; what was not offered spared nothing."""
        for key in {**self.spared, **done}:
            self.spared[key] = _FORGOTTEN * self.of(key) + done.get(key, 0.0)

    def of(self, key: Key) -> float:
        """Return the mark of a choice; 0 where it was never made."""
        return self.spared.get(key, 0.0)

    def best(self, offered: Iterable[Key]) -> Key | None:
        """Return the best so far of those offered, the first of equals; None where none is."""
        return max(offered, key=self.of, default=None)
