"""The entry point: commands are imported when they are called, and faults become sentences."""

import io
import os
import signal
import sys
import tempfile
import traceback
from importlib import import_module

import click

from modelwright._version import __version__
from modelwright.errors import ModelwrightError, nearest

COMMANDS: dict[str, str] = {
    "run": "Do the whole job: plan, explore, build, deploy a tested bundle.",
    "plan": "Plan how the question is answered and judged.",
    "explore": "Find what data works, leaks, and the contract.",
    "features": "List features of related tables by their gain, or their SQL.",
    "build": "Build a candidate and judge it on the holdout.",
    "adopt": "Take in a model that was trained elsewhere.",
    "deploy": "Test the candidate's bundle and release it.",
    "maintain": "Judge the released model on live rows.",
    "alarms": "List the alarms about the live model, and answer them.",
    "remedy": "Show what would mend the model, tested on the past, or apply it.",
    "checkup": "Look at the model and all that it stands on.",
    "retraining": "Try on the past how often the model should learn again.",
    "gameday": "Inject known faults into traffic, and see what is found.",
    "predict": "Predict the rows of a table with a bundle.",
    "explain": "Say why a row got its answer.",
    "serve": "Answer predictions over HTTP.",
    "ledger": "See what was logged, erase rows of it, forget old ones.",
    "label": "Join labels that arrived later with logged predictions.",
    "check": "Test a table against the data contract.",
    "contract": "See what changes in the data contract.",
    "pipeline": "Test the pipeline that feeds the model.",
    "report": "Write the report as one HTML file.",
    "ui": "Show workspaces in a browser.",
    "mcp": "Let an agent do the job in a workspace.",
    "show": "Show a document of the workspace.",
    "challenge": "Try a bundle beside the champion.",
    "compare": "Compare champion and challenger while labels come in.",
    "promote": "Make the challenger the champion, when it is better.",
    "rollback": "Make the previous release the champion again.",
    "releases": "Show who was champion when, who decided it and why.",
    "track": "Write runs and releases to a tracking server.",
    "compatible": "Say what clients of a bundle would notice of another one.",
    "demo": "See the whole job on real flights.",
}
"""Every command, in the order in which a person needs it."""


class LazyCommands(click.Group):
    """A group that imports a command's module when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"modelwright.cli.{name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; offer the nearest name when there is none."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"There is no command {args[0]!r}. {nearest(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List commands without importing them, so that help stays quick."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=LazyCommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="modelwright")
def cli() -> None:
    """The machine-learning engineer as a program.

    \b
    Example:
      modelwright run flights.csv --target late --budget 5m
    """


def main() -> None:
    """Run a command and leave with its exit code.

    0: done, and the answer is yes. 1: done, and the answer is no. 2: it could not be done; one
    sentence on standard error says why.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that knows no such letter shows a question mark, and nothing ends.
            stream.reconfigure(errors="replace")
    # A polite end must let go of what was started, such as a server under test.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(_run())


def _run() -> int:
    try:
        return int(cli.main(prog_name="modelwright", standalone_mode=False) or 0)
    except ModelwrightError as error:
        return _fail(str(error))
    except click.UsageError as error:
        hint = f" See: {error.ctx.command_path} --help" if error.ctx else ""
        return _fail(f"{error.format_message()}{hint}")
    except (click.Abort, KeyboardInterrupt):
        _fail("Interrupted. The workspace is as the last finished step left it; run again.")
        sys.stdout.flush()
        # Python itself would end by the signal, without our exit code, when it came in an exec().
        os._exit(2)
    except MemoryError:
        return _fail("There is not enough memory. Use fewer rows or columns, or a larger machine.")
    except (BrokenPipeError, SystemExit):
        # The reader has gone (as with `| head`; click makes it an exit): there is nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except OSError as error:
        return _fail(f"{error.strerror or error}{_about(error)}.")
    except BaseException:  # noqa: BLE001  a fault of ours: polars' panics are no Exception
        return _fail(
            "modelwright met a fault of its own. Nothing in the workspace is lost. "
            f"Please report it {_keep_trace()}"
        )


def _about(error: OSError) -> str:
    return f": {error.filename}" if error.filename else ""


def _keep_trace() -> str:
    try:
        handle, name = tempfile.mkstemp(prefix="modelwright-fault-", suffix=".txt", text=True)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            traceback.print_exc(file=file)
    except OSError as error:
        return f"(its trace could not be kept: {error.strerror})."
    return f"with this file: {name}"


def _fail(sentence: str) -> int:
    click.echo(f"modelwright: {sentence}", err=True)
    return 2
