"""`python -m modelwright.engineer.batch BUNDLE job.toml`: a job that runs by itself.

What it says is one object of JSON on standard output, for logs. Exits with 0 when every row is
answered or set aside, 1 when the contract forbids it, 2 when it could not be done.
"""

import argparse
import signal
import sys
from pathlib import Path

import msgspec

from modelwright.engineer.batch.ask import predict_all
from modelwright.engineer.batch.settings import read_settings
from modelwright.errors import ModelwrightError


def main() -> int:
    """Run the job."""
    parser = argparse.ArgumentParser(prog="python -m modelwright.engineer.batch")
    parser.add_argument("bundle", type=Path, help="the folder of the bundle")
    parser.add_argument("settings", type=Path, help="job.toml")
    given = parser.parse_args()
    # A cluster's polite end ends the processes of the crew too; what is done stays done.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        settings = read_settings(given.settings)
        outcome = predict_all(settings.recipe(given.bundle), settings.asked(), jobs=settings.jobs)
    except ModelwrightError as error:
        print(f"modelwright: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("modelwright: Interrupted. Run it again: it goes on from there.", file=sys.stderr)
        return 2
    print(msgspec.json.encode(outcome).decode())
    return 1 if outcome.refused else 0


if __name__ == "__main__":
    sys.exit(main())
