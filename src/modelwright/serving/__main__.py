"""The runtime alone: ``python -m modelwright.serving BUNDLE --port 8000``.

Tokens come from the environment variable MODELWRIGHT_TOKEN or from a file, so that no list of
processes shows them.

With ``serve`` before the bundle, or alone, it is what a container runs: it listens on all addresses
of the container, at port 8080 or the one that the platform's environment names, and finds the
bundle in /opt/ml/model when none is given.
"""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

from modelwright.errors import ModelwrightError
from modelwright.serving.container import HOST, SERVE, container_port, model_folder, named_port
from modelwright.serving.flags import FLAGS, USUAL_PORT, Flag, settings_of
from modelwright.serving.run import serve_with
from modelwright.serving.settings import LOOPBACK
from modelwright.serving.trials.lineup import Lineup
from modelwright.workspace.ledger.address import VARIABLE, LedgerAddress, parse_address


def main() -> int:
    """Serve; return 0 when told to stop, 2 when it could not be done."""
    options = _parsed(_parser())
    if options.end_with_stdin:
        threading.Thread(target=_stop_at_end_of_stdin, daemon=True).start()
    try:
        _place(options)
        settings = settings_of(
            vars(options), os.environ, ledger_path=options.ledger or _named_ledger()
        )
        serve_with(lambda: Lineup(options.bundle), settings)
    except ModelwrightError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _named_ledger() -> LedgerAddress | None:
    named = os.environ.get(VARIABLE)
    return parse_address(named) if named else None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m modelwright.serving", usage="%(prog)s [serve] BUNDLE [options]"
    )
    # As text: a folder of this name is still served as ./serve.
    parser.add_argument("command", metavar="BUNDLE", nargs="+", help="after 'serve' in a container")
    parser.add_argument("--ledger", type=parse_address, help="A file, or postgresql://…")
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
    # What is not given depends on where this runs.
    parser.set_defaults(host=None, port=None)
    return parser


def _parsed(parser: argparse.ArgumentParser) -> argparse.Namespace:
    options = parser.parse_args()
    options.in_container = options.command[0] == SERVE
    folders = options.command[options.in_container :]
    if len(folders) > 1 or not (folders or options.in_container):
        parser.error(f"one bundle is served, not {len(folders)}")
    options.bundle = Path(folders[0]) if folders else model_folder()
    return options


def _place(options: argparse.Namespace) -> None:
    """Say where to listen, where the command line does not."""
    if options.host is None:
        options.host = HOST if options.in_container else LOOPBACK
    if options.port is None and options.in_container:
        options.port = container_port(os.environ)
    elif options.port is None:
        options.port = named_port(os.environ) or USUAL_PORT


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
