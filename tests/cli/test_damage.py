"""A workspace that was damaged goes on, or says what to do."""

import subprocess
import sys
from pathlib import Path

import pytest

from orders_example import TARGET


@pytest.mark.parametrize(("name", "command"), [("plan", "explore"), ("release", "run")])
def test_a_damaged_document_is_made_again(name, command, finished, call):
    path = Path("orders-model", f"{name}.json")
    path.write_bytes(path.read_bytes()[:200])
    assert call("show", name, "-w", "orders-model").code == 2
    done = call(command, "-w", "orders-model", "--json")
    assert done.code == 0
    assert f"kept as {name}.json.damaged and made again" in done.err
    assert call("show", name, "-w", "orders-model").code == 0


def test_a_damaged_draft_is_made_again(finished, call):
    Path("orders-model/candidate/program.json").write_text("{}")
    done = call("deploy", "-w", "orders-model", "-q")
    assert done.code == 2
    assert "program.json is not what was written" in done.sentence
    assert call("run", "-w", "orders-model", "-q").code == 0
    assert call("deploy", "-w", "orders-model", "-q").code == 0


def test_a_bundle_edited_by_hand_is_never_used(finished, call):
    (card,) = Path("orders-model/bundles").glob("*/MODEL_CARD.md")
    card.write_text(card.read_text() + "\nApproved.\n")
    for command in (
        ["predict", "orders-model", "later.csv"],
        ["serve", "-w", "orders-model"],
        ["maintain", "later.csv", "-w", "orders-model"],
    ):
        done = call(*command)
        assert (done.code, done.out) == (2, "")
        assert "MODEL_CARD.md" in done.sentence
    done = call("run", "-w", "orders-model")
    assert done.code == 2
    assert "Move it away and run again." in done.sentence
    card.parent.rename("moved")
    assert call("run", "-w", "orders-model", "-q").code == 0


@pytest.mark.parametrize(
    ("name", "text", "remedy"),
    [
        ("workspace.json", "{", '{"format":1}'),
        ("journal.db", "no database" * 50, "Move journal.db* away"),
        ("aliases.json", "{", "Restore it from git"),
    ],
)
def test_what_cannot_be_made_again_is_told_with_its_remedy(name, text, remedy, finished, call):
    Path("orders-model", name).write_text(text)
    done = call("rollback", "-w", "orders-model")
    assert done.code == 2
    assert f"{name} is damaged" in done.sentence
    assert remedy in done.sentence


def test_a_locked_workspace_says_who_is_at_work(finished, call):
    holding = "import sys, pathlib; from modelwright.workspace.lock import hold_lock\n"
    holding += "with hold_lock(pathlib.Path('orders-model/.lock'), command='run'):\n"
    holding += "    print('held', flush=True); sys.stdin.read()\n"
    holder = subprocess.Popen(
        [sys.executable, "-c", holding], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    try:
        done = call("run", "orders.csv", "--target", "amount", "-w", "orders-model")
        assert done.code == 2
        assert f"in use by process {holder.pid} (run)" in done.sentence
        toml = Path("orders-model/modelwright.toml").read_text()
        assert f'target = "{TARGET}"' in toml
        assert call("show", "plan", "-w", "orders-model").code == 0
    finally:
        holder.communicate("")
    assert call("run", "-w", "orders-model", "-q").code == 0
