"""What learners made of some rows, kept for the next learner that needs the same."""

import threading
from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar, cast

Made = TypeVar("Made")


class Memo:
    """Remembers results by key, for learners that run side by side.

    Examples
    --------
    >>> memo = Memo()
    >>> memo.of("sum", lambda: 1 + 2), memo.of("sum", lambda: 4 + 5)
    (3, 3)
    """

    def __init__(self) -> None:
        self._made: dict[Hashable, Any] = {}
        self._lock = threading.RLock()

    def of(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what `make` returned when this key was first asked for.

        A second learner that asks while the first one is still making waits for it. What raises is
        not remembered.

        Parameters
        ----------
        key
            Names the result and everything that it depends on beside the rows.
        make
            Called at most once per key.
        """
        with self._lock:
            if key not in self._made:
                self._made[key] = make()
            return cast(Made, self._made[key])

    def drop(self, keys: Iterable[Hashable]) -> None:
        """Forget what was made under some keys, where it was made at all."""
        with self._lock:
            for key in keys:
                self._made.pop(key, None)

    def clear(self) -> None:
        """Forget everything, to give memory back."""
        with self._lock:
            self._made.clear()

    def __reduce__(self) -> tuple[type["Memo"], tuple[()]]:
        """Cross to another process empty: what is made can be made there."""
        return Memo, ()
