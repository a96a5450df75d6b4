"""What `modelwright maintain --new` and `--watch` do: judge window after window."""

import signal
import threading
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from modelwright.engineer.project import Project


def watch(project: "Project", *, every: str, rows: int, keep_on: bool, as_json: bool) -> int:
    """Print each health as a line when it is there; return the exit code.

    Parameters
    ----------
    project, every, rows
        As for `Project.watch`.
    keep_on
        Whether to go on until told to stop.
    as_json
        Whether the lines are JSON.
    """
    import msgspec

    from modelwright.report.page import write_report
    from modelwright.report.terminal.alarms import describe_judgement

    stop = threading.Event()
    if keep_on:
        _stop_politely(stop)
    ill, judged = False, 0
    for health in project.watch(every, rows=rows, once=not keep_on, stop=stop):
        ill, judged = ill or not health.healthy, judged + 1
        click.echo(msgspec.json.encode(health).decode() if as_json else describe_judgement(health))
        if keep_on:
            write_report(project.workspace)
    if not keep_on:
        write_report(project.workspace)
        if not judged:
            project.report("maintain", f"No new window of {rows:,} rows is complete")
    return 1 if ill and not keep_on else 0


def _stop_politely(stop: threading.Event) -> None:
    """Let SIGTERM and Ctrl-C end the watch after its present window; the second one at once."""

    def tell(*_: Any) -> None:
        stop.set()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, signal.default_int_handler)

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, tell)
