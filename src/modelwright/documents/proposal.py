"""A remedy that was tested on the past."""

import msgspec

from modelwright.tasks.interval import Interval


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A remedy that was tested on past windows: fitted on the rows before, scored on those after.

    Parameters
    ----------
    remedy, option
        Its name, and which of its ways.
    sentence
        What it does.
    columns
        Those that are read otherwise.
    saves
        The part of the loss that it spared: 0.2 is a fifth. Its level is corrected for the number
        of remedies. None where too few labels are known.
    led
        Of the remedy that leads: what it spared to follow, window by window, the remedy that had
        the best mark by then. That is one rule, so its level is not corrected; it is lower where
        it is known since when something is wrong. None for the others.
    is_evident
        Whether the inputs alone say that it undoes what broke: a column changed at once, and read
        like this it lies as before.
    gain
        By how much the metric was better; None where it judges something else.
    worst
        The least part that a window was spared; below zero it got worse.
    undone
        The part by which the loss of rows before the trouble would be larger, should they come
        again; None where there are none.
    windows, rows
        On which it was judged.
    seconds
        That the test took, all learning included.
    bundle_path, bundle_hash
        What would ship; empty where nothing does.
    alone
        Whether the policy lets it act without being asked.
    command
        That applies it; empty where nothing can.
    """

    remedy: str
    sentence: str
    option: str = ""
    columns: tuple[str, ...] = ()
    saves: Interval | None = None
    led: Interval | None = None
    is_evident: bool = False
    gain: Interval | None = None
    worst: float | None = None
    undone: float | None = None
    windows: int = 0
    rows: int = 0
    seconds: float = 0.0
    bundle_path: str = ""
    bundle_hash: str = ""
    alone: bool = False
    command: str = ""

    @property
    def helps(self) -> bool:
        """Whether it spares loss with confidence, or undoes what broke and spares some."""
        spares = any(each is not None and each.low > 0 for each in (self.saves, self.led))
        return spares or self.undoes

    @property
    def undoes(self) -> bool:
        """Whether it evidently undoes what broke, and labels say nothing against it."""
        return self.is_evident and self.saves is not None and self.saves.value > 0
