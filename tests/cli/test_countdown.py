"""The line that counts down: on a terminal only, and from what the plan foresaw."""

import io
import sys

import pytest

from modelwright.cli.countdown import Countdown, counted_down
from modelwright.engineer.foreseen import Foreseen
from modelwright.tasks.interval import Interval

FORESEEN = Foreseen(
    Interval(value=60.0, low=30.0, high=90.0, method="runs most like it"), budget_s=120.0
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def told_on_a_terminal(monkeypatch, *, quiet: bool, as_json: bool) -> str:
    """Return what a terminal gets; pytest takes the stream back after a fixture."""
    terminal = Terminal()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", terminal)
        patched.setenv("TERM", "xterm")
        with counted_down(quiet=quiet, as_json=as_json, clock=lambda: 0.0) as report:
            report("plan", FORESEEN)
    return terminal.getvalue()


def test_the_line_counts_down_below_what_is_told():
    now, written, told = [0.0], [], []
    countdown = Countdown(lambda *said: told.append(said), written.append, lambda: now[0])
    countdown("data", "Reading flights.csv")
    assert "left" not in "".join(written)
    countdown("plan", FORESEEN)
    now[0] = 20.0
    countdown.redraw()
    countdown("build", "LightGBM: 0.71, the best so far")
    now[0] = 100.0
    countdown.redraw()
    lines = [line for line in "".join(written).split("\r\x1b[2K") if line]
    assert lines == [
        "plan: about 1 min left",
        "plan: about 40 s left",
        "build: about 40 s left",
        "build: at most 20 s left",
    ]
    countdown.clear()
    countdown.redraw()
    assert written[-1] == "\r\x1b[2K"
    assert told[-1] == ("build", "LightGBM: 0.71, the best so far")


def test_a_terminal_shows_it_and_keeps_nothing_of_it(monkeypatch):
    told = told_on_a_terminal(monkeypatch, quiet=False, as_json=False)
    assert "plan: about 1 min left" in told
    assert told.endswith("\r\x1b[2K")


@pytest.mark.parametrize(("quiet", "as_json"), [(True, False), (False, True)])
def test_scripts_see_no_line(quiet, as_json, monkeypatch):
    told = told_on_a_terminal(monkeypatch, quiet=quiet, as_json=as_json)
    assert "\x1b" not in told
    assert "left" not in told


def test_a_pipe_sees_no_line(capsys):
    with counted_down(quiet=False, as_json=False, clock=lambda: 5.0, began=2.0) as report:
        report("plan", FORESEEN)
    told = capsys.readouterr().err
    assert "\x1b" not in told
    assert told.startswith("    3.0 s  plan"), "the start of the command counts"
