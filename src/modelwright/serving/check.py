"""Whether a bundle answers here as where it was made: ``python -m modelwright.serving.check``.

An image runs it when it is built, so that a host whose libraries reckon otherwise is found out
before anybody asks it.
"""

import argparse
import sys
from pathlib import Path

from modelwright.data.records import columns_from_records
from modelwright.errors import ModelwrightError
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.bundle_folder import read_bundle


def differing_cases(bundle: Bundle) -> list[str]:
    """Return the names of the recorded cases that are answered otherwise here.

    Parameters
    ----------
    bundle
        What `read_bundle` returned: its files are whole.
    """
    if not bundle.cases:
        return []
    records = [case.record for case in bundle.cases]
    answers = bundle.program.run(columns_from_records(records, bundle.schema)).tolist()
    return [
        case.name
        for case, answer in zip(bundle.cases, answers, strict=True)
        if answer != list(case.expected)
    ]


def main() -> int:
    """Check; return 0 when all is the same, 1 when an answer differs, 2 when it is no bundle."""
    parser = argparse.ArgumentParser(prog="python -m modelwright.serving.check")
    parser.add_argument("bundle", type=Path)
    try:
        bundle = read_bundle(parser.parse_args().bundle)
    except ModelwrightError as error:
        print(error, file=sys.stderr)
        return 2
    faults = differing_cases(bundle)
    same = len(bundle.cases) - len(faults)
    print(f"bundle {bundle.hash}: {same} of {len(bundle.cases)} recorded answers, bit for bit")
    if faults:
        print(f"Answered otherwise here: {', '.join(faults[:5])}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
