import subprocess
import sys
from types import SimpleNamespace

import msgspec
import polars as pl

from modelwright.compute.limits import NO_LIMITS, Limits
from modelwright.data.sources.open import open_source
from modelwright.deploy import release
from modelwright.documents import Brief
from modelwright.engineer import rooms


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


def test_a_release_keeps_the_limits_that_the_brief_says_now(monkeypatch, tmp_path):
    class Built(msgspec.Struct, frozen=True):
        limits: Limits = NO_LIMITS

    monkeypatch.setattr(release, "deploy", lambda candidate, *_, **__: candidate)
    workspace = SimpleNamespace(path=tmp_path)
    brief = Brief(data="may.csv", target="late", max_latency="2ms")
    room = rooms.Rooms(workspace, brief, None, lambda *_: None, None, None)
    planned = Built(limits=Limits(latency_s=0.001, size_bytes=5))
    assert room.deploy(planned).limits == Limits(latency_s=0.002, size_bytes=5)
