"""What the server saw is compared with a table of the same rows."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from modelwright.data.sources.open import open_source
from modelwright.documents import Health, Release
from modelwright.maintain.log.window import Window

if TYPE_CHECKING:
    from modelwright.engineer.rooms import Rooms


@dataclass(frozen=True)
class Against:
    """A table that says what served rows should have held.

    Parameters
    ----------
    table
        A data frame or an address.
    on
        Its key: a feature that clients send, or what they send as the id.
    """

    table: object
    on: str = "id"

    def compared(self, health: Health, release: Release, rooms: "Rooms", window: Window) -> Health:
        """Return a health that tells where the server saw other values.

        Raises
        ------
        SchemaError
            When the table lacks the key, or has no feature of the model.
        """
        from modelwright.maintain.champion import open_champion, read_ledger
        from modelwright.maintain.skew.skew import find_skew, with_skew

        bundle = open_champion(release, rooms.workspace, version=window.version)
        rooms.report("maintain", "Comparing what was served with the table")
        rows = read_ledger(rooms.workspace, bundle, window)
        skew = find_skew(bundle, rows, open_source(self.table).read(), on=self.on)
        return with_skew(health, skew)
