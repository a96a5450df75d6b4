"""How often a model of two classes warns, is right, finds and troubles: the shares alone."""

import msgspec

from modelwright.tasks.interval import Interval


class Rates(msgspec.Struct, frozen=True, kw_only=True):
    """Shares of rows of two classes; each is None where there is no row to take it of.

    Parameters
    ----------
    warned
        Answered yes, of all rows.
    right
        Positive, of those that were warned about.
    found
        Warned about, of the positive ones.
    troubled
        Warned about, of the others.
    """

    warned: Interval | None
    right: Interval | None
    found: Interval | None
    troubled: Interval | None
