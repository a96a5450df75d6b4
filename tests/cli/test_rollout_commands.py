"""Challenger, releases and rollback from the command line."""

import pytest

from rival_bundles import another, keep, wider, workspace_of_two


@pytest.fixture
def two(folder):
    workspace, first, second = workspace_of_two(folder / "model")
    (folder / "model" / "modelwright.toml").write_text('data = "x.csv"\ntarget = "left"\n')
    return workspace, first, second


def test_a_challenger_is_tried_shown_and_ended(call, two):
    _, first, second = two
    assert call("challenge", "-w", "model").code == 1
    begun = call("challenge", second[:12], "--canary", "10%", "--key", "job", "-w", "model")
    assert (begun.code, begun.out) == (
        0,
        f"{second[:12]} is on trial: canary, 10% of the rows by 'job'.\n",
    )
    shown = call("challenge", "-w", "model", "--json").json
    assert (shown["challenger"], shown["trial"]["share"]) == (second, 0.1)
    # Rows count that were answered after both bundles were built.
    assert shown["trial"]["since"] == 1_767_225_600_000_000
    assert call("challenge", "--stop", "--why", "too slow", "-w", "model").code == 0
    told = call("releases", "-w", "model").out
    assert "too slow" in told
    assert first[:12] in told
    assert len(call("releases", "-w", "model", "--json").json) == 3


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["BUNDLE"], "Say --shadow, or --canary"),
        (["BUNDLE", "--shadow", "--canary", "5%"], "Say --shadow, or --canary"),
        (["BUNDLE", "--shadow", "--key", "job"], "--key is for a canary"),
        (["--shadow"], "Name the bundle"),
        (["BUNDLE", "--canary", "some"], "'some' is no share"),
        (["BUNDLE", "--canary", "100%"], "promote it"),
        (["BUNDLE", "--stop"], "--stop takes no bundle"),
        (["--stop"], "There is no challenger"),
    ],
)
def test_what_makes_no_sense_is_told(call, two, asked, said):
    given = [two[2] if each == "BUNDLE" else each for each in asked]
    done = call("challenge", *given, "-w", "model")
    assert done.code == 2
    assert said in done.sentence


def test_what_clients_must_change_is_told(call, two, folder):
    workspace, *_ = two
    name = keep(workspace, wider())[:12]
    wide = f"model/bundles/left-{name}"
    more = call("compatible", "model", wide)
    assert (more.code, "'income' is new" in more.out) == (0, True)
    less = call("compatible", wide, "model")
    assert (less.code, "'income' is no longer read" in less.out) == (1, True)
    same = call("compatible", "model", f"model/bundles/left-{keep(workspace, another())[:12]}")
    assert "need not change anything" in same.out


def test_a_rollback_has_a_reason(call, two):
    workspace, first, second = two
    from modelwright.workspace.aliases import change_aliases
    from rival_bundles import NOW

    change_aliases(workspace, lambda stand: stand.assign("champion", second, at=NOW))
    with workspace.lock("a build of hours"):
        done = call("rollback", "--why", "refuses Malta", "-w", "model")
    assert (done.code, done.out) == (0, f"The champion is {first[:12]} again.\n")
    last = call("releases", "-w", "model", "--json").json[-1]
    assert (last["why"], last["rolled_back"]) == ("refuses Malta", True)
    assert "@" in last["who"]
