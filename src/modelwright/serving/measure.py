"""What a bundle takes where it is served: ``python -m modelwright.serving.measure BUNDLE``.

A process that has learned a model holds more than one that serves it, so this asks a fresh one.
"""

import os
import sys
import time
from pathlib import Path

import msgspec

from modelwright.data.records import columns_from_records
from modelwright.errors import ModelwrightError
from modelwright.predictor.bundle_folder import read_bundle
from modelwright.predictor.speed import one_row_latency_s, program_bytes

_STATM = Path("/proc/self/statm")
_TRIES = 3


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What a bundle takes.

    Parameters
    ----------
    load_s
        Seconds to read and check it.
    row_s
        Seconds for one row, in the middle of many; the best of three such measurements, as another
        program at work only ever makes it longer.
    size_bytes
        Of the program on disk.
    memory_bytes
        By how much a process grows with one more of it; 0 where nobody can say.
    """

    load_s: float
    row_s: float
    size_bytes: int
    memory_bytes: int


def measure(folder: Path) -> Taken:
    """Load a bundle in this process and answer rows one by one.

    Parameters
    ----------
    folder
        Of the bundle.

    Raises
    ------
    BundleError
        When it is no sound bundle.
    """
    began = time.perf_counter()
    bundle = read_bundle(folder)
    load_s = time.perf_counter() - began
    rows = [case.record for case in bundle.cases] or [{}]
    columns = columns_from_records(rows, bundle.schema)
    row_s = min(one_row_latency_s(bundle.program, columns) for _ in range(_TRIES))
    # The first one also prepared what reads bundles; the second is what a bundle itself takes.
    before = _held()
    again = read_bundle(folder)
    again.program.run(columns)
    return Taken(
        load_s=load_s,
        row_s=row_s,
        size_bytes=program_bytes(bundle.program),
        memory_bytes=max(0, _held() - before),
    )


def main() -> int:
    """Print what the bundle takes, as JSON; return 2 when it is no bundle."""
    try:
        print(msgspec.json.encode(measure(Path(sys.argv[1]))).decode())
    except ModelwrightError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _held() -> int:
    """Return the bytes of memory that this process holds now; on Linux only."""
    if not _STATM.is_file():
        return 0
    return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    sys.exit(main())
