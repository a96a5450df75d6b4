"""The runtime alone: ``python -m modelwright.serving BUNDLE --port 8000``.

The token comes from the environment variable MODELWRIGHT_TOKEN, so that no list of processes
shows it.
"""

import argparse
import os
import sys
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
    options = parser.parse_args()
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


if __name__ == "__main__":
    sys.exit(main())
