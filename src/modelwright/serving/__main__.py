"""The runtime alone: ``python -m modelwright.serving BUNDLE --port 8000``.

The token comes from the environment variable MODELWRIGHT_TOKEN, so that no list of processes
shows it.
"""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

from modelwright.errors import ModelwrightError
from modelwright.serving.run import LOOPBACK, serve


def main() -> int:
    """Serve; return 0 when told to stop, 2 when it could not be done."""
    parser = argparse.ArgumentParser(prog="python -m modelwright.serving")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--host", default=LOOPBACK)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--ledger", type=Path)
    parser.add_argument(
        "--end-with-stdin",
        action="store_true",
        help="stop when standard input ends, as it does when the process that holds it is killed",
    )
    options = parser.parse_args()
    if options.end_with_stdin:
        threading.Thread(target=_stop_at_end_of_stdin, daemon=True).start()
    try:
        serve(
            options.bundle,
            host=options.host,
            port=options.port,
            ledger_path=options.ledger,
            token=os.environ.get("MODELWRIGHT_TOKEN") or None,
        )
    except ModelwrightError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _stop_at_end_of_stdin() -> None:
    # Not through sys.stdin: its lock would hold up the end of the interpreter.
    while os.read(0, 1 << 12):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
