"""The runtime alone: ``python -m modelwright.serving BUNDLE --port 8000``.

Tokens come from the environment variable MODELWRIGHT_TOKEN or from a file, so that no list of
processes shows them.
"""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

from modelwright.errors import ModelwrightError
from modelwright.serving.flags import FLAGS, Flag, settings_of
from modelwright.serving.run import serve_with


def main() -> int:
    """Serve; return 0 when told to stop, 2 when it could not be done."""
    options = _parser().parse_args()
    if options.end_with_stdin:
        threading.Thread(target=_stop_at_end_of_stdin, daemon=True).start()
    try:
        settings = settings_of(vars(options), os.environ, ledger_path=options.ledger)
        serve_with(lambda: options.bundle, settings)
    except ModelwrightError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m modelwright.serving")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--ledger", type=Path, help="Where answers are logged.")
    for flag in FLAGS:
        if flag.kind is bool:
            parser.add_argument(flag.name, action="store_true", help=flag.help)
            continue
        parser.add_argument(
            flag.name,
            type=_checked(flag),
            action="append" if flag.several else "store",
            choices=flag.choices or None,
            default=[] if flag.several else flag.default,
            help=flag.help,
        )
    parser.add_argument(
        "--end-with-stdin",
        action="store_true",
        help="stop when standard input ends, as it does when the process that holds it is killed",
    )
    return parser


def _checked(flag: Flag) -> "type | _InRange":
    return flag.kind if flag.kind in (str, Path) else _InRange(flag)


class _InRange:
    """Reads a number in its range; argparse tells its name when it is none."""

    def __init__(self, flag: Flag) -> None:
        self._flag = flag
        most = "" if flag.most is None else f" and at most {flag.most}"
        self.__name__ = f"number of at least {flag.least:g}{most}"

    def __call__(self, text: str) -> float:
        number: float = self._flag.kind(text)
        if not self._flag.least <= number <= (self._flag.most or number):
            raise ValueError
        return number


def _stop_at_end_of_stdin() -> None:
    # Not through sys.stdin: its lock would hold up the end of the interpreter.
    while os.read(0, 1 << 12):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
