"""When an answer was given, and how it is called."""

import os
import time


def now_us() -> int:
    """Return the time in microseconds since 1970."""
    return time.time_ns() // 1000


def random_id() -> str:
    """Return an id that nobody has given before; later ones come later in the alphabet.

    A ledger takes ids in their order four times sooner than ids in no order.
    """
    return f"{time.time_ns() // 1_000_000:012x}{os.urandom(8).hex()}"


def random_ids(count: int) -> list[str]:
    """Return as many ids as `random_id` would, sooner."""
    begin, chance = f"{time.time_ns() // 1_000_000:012x}", os.urandom(8 * count).hex()
    return [begin + chance[at : at + 16] for at in range(0, 16 * count, 16)]
