import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import msgspec
import numpy as np
import polars as pl
import pytest

from modelwright.build.judging.reserve import judging_s
from modelwright.compute.budget import Budget
from modelwright.compute.limits import NO_LIMITS, Limits
from modelwright.data.sources.open import open_source
from modelwright.deploy import release
from modelwright.documents import Brief
from modelwright.engineer import rooms
from modelwright.engineer.project import Project
from modelwright.errors import SourceError


def test_who_only_asks_waits_for_no_library_that_learns():
    heavy = {"lightgbm", "optuna", "pandas", "scipy", "sklearn", "xgboost"}
    heavy |= {"duckdb", "jinja2", "pyarrow", "starlette", "yaml"}
    # Neither does a table that polars reads by itself.
    doors = "modelwright.data.pieces.open, modelwright.data.sources.frames"
    asked = f"import sys, modelwright.engineer.project, {doors}"
    command = f"{asked}; print({heavy} & {{*sys.modules}} or '')"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True)
    assert (done.stderr, done.stdout.strip()) == ("", "")


def test_the_key_is_asked_of_the_whole_address_not_of_the_printed_one(monkeypatch, tmp_path):
    table = pl.DataFrame({"id": [1, 2], "late": [0, 1]})
    monkeypatch.setattr(rooms, "source_of", lambda *_, **__: open_source(table))
    asked = []
    monkeypatch.setattr(rooms, "key_of", lambda *said: asked.append(said) or ("id",))
    address = "postgresql://me@host/shop?sslmode=verify-full"
    workspace = SimpleNamespace(path=tmp_path)
    for brief, data, key in (
        (Brief(data=address, target="late"), None, ("id",)),
        (Brief(data=address, target="late", query="SELECT 1"), None, ()),
        (Brief(data=address, target="late"), table, ()),
    ):
        room = rooms.Rooms(workspace, brief, data, lambda *_: None, None, None)
        assert room.intake.facts.key == key
    assert asked == [(address, "")]


def test_a_plan_has_its_rows_again_although_the_budget_would_draw_others(tmp_path):
    pl.DataFrame({"x": range(100_000), "late": [0, 1] * 50_000}).write_parquet(
        tmp_path / "t.parquet"
    )
    brief = Brief(data="t.parquet", target="late", memory="601MB", budget_s=30.0)
    workspace = SimpleNamespace(path=tmp_path)
    room = rooms.Rooms(workspace, brief, None, lambda *_: None, None, None)
    drawn = room.intake
    assert drawn.others is not None
    facts = msgspec.structs.replace(drawn.facts, rows=1_500)
    planned = room._rows_of(SimpleNamespace(table=facts, target="late"))
    assert planned.table.height == 1_500
    assert planned.others.rows == 98_500
    assert room._rows_of(SimpleNamespace(table=drawn.facts, target="late")) is drawn


def test_a_release_keeps_the_limits_that_the_brief_says_now(monkeypatch, tmp_path):
    class Built(msgspec.Struct, frozen=True):
        limits: Limits = NO_LIMITS

    monkeypatch.setattr(release, "deploy", lambda candidate, *_, **__: candidate)
    workspace = SimpleNamespace(path=tmp_path)
    brief = Brief(data="may.csv", target="late", max_latency="2ms")
    room = rooms.Rooms(workspace, brief, None, lambda *_: None, None, None)
    planned = Built(limits=Limits(latency_s=0.001, size_bytes=5))
    assert room.deploy(planned).limits == Limits(latency_s=0.002, size_bytes=5)


class Hindered(Budget):
    @property
    def hindrance(self):
        return 6.0


@pytest.mark.parametrize("seconds", [10.0, 60.0, 600.0])
@pytest.mark.parametrize("left", [1.0, 0.6, 0.1])
def test_a_busy_machine_leaves_learners_a_third_of_what_is_left(seconds, left):
    budget = Hindered(seconds, started=0.0, clock=lambda: seconds * (1.0 - left))
    rest = budget.reserve(rooms._for_deploy_s(budget))
    learners = rest.remaining_s - judging_s(rest, 1_000, hindrance=budget.hindrance)
    # As much as on a machine of one's own is kept, even where it leaves less than a third.
    needed_s = rooms._DEPLOY_S[0] + judging_s(Budget(10.0, started=0.0, clock=lambda: 0.0), 1_000)
    assert learners >= min(budget.remaining_s / 3, budget.remaining_s - needed_s)
    assert rooms._for_deploy_s(budget) <= max(rooms._DEPLOY_S[0], 0.4 * budget.remaining_s)


def test_a_busy_machine_keeps_more_for_the_release():
    idle = Budget(600.0, started=0.0, clock=lambda: 0.0)
    busy = Hindered(60.0, started=0.0, clock=lambda: 0.0)
    assert rooms._for_deploy_s(idle) == 30.0
    assert rooms._for_deploy_s(busy) > rooms._for_deploy_s(replace(idle, seconds=60.0))


def test_too_few_answers_are_told_before_rows_are_drawn(monkeypatch, tmp_path):
    places = pl.int_range(9_000, eager=True)
    table = pl.DataFrame({f"x{place}": places for place in range(99)}).with_columns(
        y=pl.when(places < 19).then(1)
    )
    brief = Brief(data="may.csv", target="y", budget_s=5.0)
    room = rooms.Rooms(SimpleNamespace(path=tmp_path), brief, table, lambda *_: None, None, None)
    assert room.intake.table.height < 9_000
    with pytest.raises(SourceError, match="has 19 rows with a value of 'y'"):
        room.plan(Budget.start(5.0))


def test_rooms_after_the_plan_see_its_rows_when_the_budget_is_edited(tmp_path):
    table = pl.DataFrame({f"x{place}": range(9_000) for place in range(100)})
    brief = Brief(data="may.csv", target="x1", budget_s=5.0)
    room = rooms.Rooms(SimpleNamespace(path=tmp_path), brief, table, lambda *_: None, None, None)
    plan = SimpleNamespace(table=room.intake.facts, target="x1")
    later = replace(room, brief=msgspec.structs.replace(brief, budget_s=60.0))
    assert later.intake.table.height == 9_000
    assert later._rows_of(plan).table.equals(room.intake.table)


def test_labels_to_check_name_rows_of_the_file(tmp_path):
    rng = np.random.default_rng(3)
    n = 2_600
    x = rng.normal(size=n)
    told = pl.DataFrame(
        {
            "x": x.round(6),
            "paid": rng.choice(["yes", "no"], n),
            "late": np.where((x > 0) ^ (rng.random(n) < 0.03), "late", "in time"),
        }
    )
    told.write_csv(tmp_path / "t.csv")
    project = Project.create(tmp_path / "w", data=str(tmp_path / "t.csv"), target="late")
    project.explore()
    listed = pl.read_csv(tmp_path / "w" / "labels_to_check.csv")
    assert listed.columns == ["row", "expected", "probability", "late", "x", "paid"]
    own = told[listed["row"].to_numpy() - 1]
    assert own.select("late", "x", "paid").equals(listed.select("late", "x", "paid"))
