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
        f"{second[:12]} is on trial: canary, 10% of the values of 'job'.\n",
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


def _contest(two, *, challenger_is_right: bool, rows: int = 400, role: str = "shadow"):
    """Let a client ask and a challenger answer in the shadow, or every second row as a canary."""
    import msgspec

    from modelwright.workspace.ledger.address import ledger_of
    from modelwright.workspace.ledger.ledger import Ledger, Prediction

    workspace, first, second = two
    with Ledger.open(ledger_of(workspace.path)) as ledger:
        for number in range(rows):
            yes = number % 3 == 0
            right = {"no": 0.1, "yes": 0.9} if yes else {"no": 0.9, "yes": 0.1}
            unsure = {"no": 0.5 - number % 7 / 100, "yes": 0.5 + number % 7 / 100}
            both = (
                ("champion", first, not challenger_is_right),
                (role, second, challenger_is_right),
            )
            for who, version, good in both if role == "shadow" else both[number % 2 :][:1]:
                given = right if good else unsure
                answer = {"answer": max(given, key=given.get), "probabilities": given}
                ledger.append(
                    [
                        Prediction(
                            id=f"p{number}",
                            at=1_800_000_000_000_000 + number,
                            version=version,
                            inputs=b"{}",
                            output=msgspec.json.encode(answer),
                            latency_s=0.001,
                            role=who,
                        )
                    ]
                )
        labels = [(f"p{number}", "no" if number % 3 else "yes") for number in range(rows)]
        ledger.label(labels, 1)
    return workspace, first, second


def test_a_challenger_that_is_better_is_promoted_and_the_one_before_is_watched(call, two):
    _, first, second = _contest(two, challenger_is_right=True)
    assert call("compare", "-w", "model").sentence.startswith("There is no challenger")
    call("challenge", second[:12], "--shadow", "-w", "model")
    compared = call("compare", "-w", "model")
    assert (compared.code, "✓ promote" in compared.out) == (0, True)
    assert call("compare", "-w", "model", "--json").json["verdict"] == "promote"
    promoted = call("promote", "-w", "model", "--json")
    assert (promoted.code, promoted.json["champion"]) == (0, second)
    watched = call("challenge", "-w", "model", "--json").json
    assert (watched["challenger"], watched["trial"]["former"]) == (first, True)
    # Nothing was answered since: there is nothing to go back for.
    assert call("compare", "--act", "-w", "model").code == 1
    changes = call("releases", "-w", "model", "--json").json
    assert changes[-2]["why"].startswith("The challenger loses less")
    assert "champion (now)" in call("releases", "-w", "model").out


def test_one_that_is_not_better_is_promoted_by_force_only_and_with_a_reason(call, two):
    _, first, second = _contest(two, challenger_is_right=False)
    call("challenge", second[:12], "--shadow", "-w", "model")
    refused = call("promote", "-w", "model")
    assert (refused.code, f"still {first[:12]}" in refused.out) == (1, True)
    assert "needs a reason" in call("promote", "--force", "-w", "model").sentence
    forced = call("promote", "--force", "--why", "the column ends on Friday", "-w", "model")
    assert (forced.code, second[:12] in forced.out) == (0, True)
    assert "forced: the column ends" in call("releases", "-w", "model", "--json").json[-2]["why"]


@pytest.mark.parametrize("leave", ["ask", "automatic"])
def test_what_the_brief_allows_happens_by_itself(call, two, leave):
    workspace, first, second = _contest(two, challenger_is_right=True)
    with (workspace.path / "modelwright.toml").open("a") as brief:
        brief.write(f'[rollout]\npromote = "{leave}"\n')
    call("challenge", second[:12], "--shadow", "-w", "model")
    done = call("compare", "--act", "--json", "-w", "model").json["done"]
    expected = {"ask": (first, False), "automatic": (second, True)}[leave]
    assert (done["champion"], done["acted"]) == expected


def test_one_that_tables_alone_have_asked_takes_nothing_over_by_itself(call, two, folder):
    workspace, first, second = _contest(two, challenger_is_right=True)
    with (workspace.path / "modelwright.toml").open("a") as brief:
        brief.write('[rollout]\npromote = "automatic"\n')
    (folder / "jobs.csv").write_text("id,job\nnobody,clerk\n")
    filled = ("--backfill", "jobs.csv", "--on", "id")
    call("challenge", second[:12], "--shadow", *filled, "-w", "model")
    shown = call("compare", "--act", "-w", "model").out
    assert f"The workspace stays as it is; the champion is {first[:12]}." in shown
    assert "Clients do not send its columns yet" in shown


def test_a_promoted_champion_that_is_worse_than_the_one_before_is_rolled_back(call, two):
    workspace, first, second = two
    call("challenge", second[:12], "--shadow", "-w", "model")
    call("promote", "--force", "--why", "a try", "-w", "model")
    _contest((workspace, second, first), challenger_is_right=True)
    done = call("compare", "--act", "--json", "-w", "model").json
    assert (done["contest"]["verdict"], done["done"]["champion"]) == ("promote", first)
    last = call("releases", "-w", "model", "--json").json[-2:]
    assert (last[0]["rolled_back"], last[0]["who"]) == (True, "modelwright compare")
    assert last[1]["bundle"] is None


@pytest.mark.parametrize("leave", ["ask", "automatic"])
def test_a_canary_that_is_worse_answers_nobody_any_longer(call, two, leave):
    workspace, first, second = two
    with (workspace.path / "modelwright.toml").open("a") as brief:
        brief.write(f'[rollout]\nroll_back = "{leave}"\n')
    call("challenge", second[:12], "--canary", "50%", "-w", "model")
    _contest(two, challenger_is_right=False, rows=1200, role="canary")
    told = call("compare", "--act", "--json", "-w", "model").json
    assert (told["contest"]["verdict"], told["done"]["champion"]) == ("give up", first)
    gone = second if leave == "automatic" else ""
    assert (told["done"]["acted"], told["done"]["gone"]) == (bool(gone), gone)
    assert call("challenge", "-w", "model").code == (1 if gone else 0)
    if gone:
        again = call("compare", "-w", "model").sentence
        assert f"The trial of {second[:12]} ended at" in again
        assert "modelwright compare: the champion stays" in again


def test_what_the_brief_may_not_say_is_told(call, two):
    workspace, *_ = two
    with (workspace.path / "modelwright.toml").open("a") as brief:
        brief.write('[rollout]\npromotes = "ask"\n')
    assert "Did you mean 'promote'" in call("releases", "-w", "model").sentence


def test_a_column_that_clients_do_not_send_is_joined(call, two, folder):
    import msgspec

    from modelwright.workspace.ledger.ledger import Ledger, Prediction

    workspace, first, _ = two
    name = keep(workspace, wider())[:12]
    with Ledger.open(folder / "elsewhere.db") as ledger:
        for job in ("clerk", "cook"):
            ledger.append(
                [
                    Prediction(
                        id=f"p-{job}",
                        at=1_800_000_000_000_000,
                        version=first,
                        inputs=msgspec.json.encode({"job": job}),
                        output=b"{}",
                        latency_s=0.001,
                    )
                ]
            )
    (folder / "incomes.csv").write_text("job,income\nclerk,7\n")
    asked = ("--backfill", "incomes.csv", "--on", "job", "-w", "model", "--json")
    asked = (*asked, "--ledger", "elsewhere.db")
    assert "No challenger waits" in call("challenge", *asked).sentence
    unkeyed = ("--backfill", "incomes.csv", "-w", "model", "--ledger", "elsewhere.db")
    assert "ids of answers" in call("challenge", name, "--shadow", *unkeyed).sentence
    assert call("challenge", "-w", "model").code == 1
    assert call("challenge", name, "--shadow", *asked).json == {"answered": 1}
    assert call("challenge", *asked).json == {"answered": 0}
    (folder / "incomes.csv").write_text("job,income\ncook,5\n")
    assert call("challenge", *asked).json == {"answered": 1}
    (folder / "incomes.csv").write_text("jobs,income\ncook,5\n")
    assert "Did you mean 'jobs'" in call("challenge", *asked).sentence
