"""`ctl` of the folder that compose starts, with a stand-in of the engine."""

import os
import shutil
import stat
import subprocess

import psycopg
import pytest

from modelwright.deploy.targets.compose import TARGET
from modelwright.workspace.ledger.ledger import Ledger
from modelwright.workspace.ledger.rows import Entry
from modelwright.workspace.ledger.writer import LedgerWriter
from throwaway_postgresql import run_server

_ENGINE = """#!/bin/sh
# Runs here what `exec` would run in the container; says the rest.
case "$*" in
    "compose --project-name left exec -T postgres "*) shift 6; exec "$@" ;;
    "volume inspect left_postgres") [ -n "${VOLUME:-}" ] ;;
    *) echo "$@" ;;
esac
"""


@pytest.fixture
def ctl(delivery, out, tmp_path):
    TARGET.write(delivery, out)
    engine = tmp_path / "engine"
    engine.write_text(_ENGINE)
    engine.chmod(0o755)

    def run(*words, **environment):
        return subprocess.run(
            [out / "ctl", *words],
            env={**os.environ, "ENGINE": str(engine), **environment},
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run


def test_a_start_makes_passwords_and_shows_none(ctl, out):
    done = ctl("start")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "compose --project-name left up --build --detach\n"
    assert stat.S_IMODE((out / "run").stat().st_mode) == 0o700
    first, second = (
        (out / "run" / name).read_text() for name in ("ledger_password", "grafana_password")
    )
    assert (len(first), len(second), first == second) == (48, 48, False)
    ctl("start")
    assert (out / "run" / "ledger_password").read_text() == first
    # What was made for it is no fault of the folder.
    assert TARGET.validators[0](out).passed


def test_a_ledger_whose_password_is_not_here_is_left_alone(ctl, out):
    done = ctl("start", VOLUME="1")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "There is a ledger, but not its password. Copy run/ from the folder that began it.\n"
    )
    assert not (out / "run").exists()


def test_a_ledger_is_put_back_from_its_backup(ctl, out, tmp_path, monkeypatch):
    for program in ("psql", "pg_dump", "pg_restore"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} (of PostgreSQL) is not installed")
    ctl("passwords")
    password = out / "run" / "ledger_password"
    with run_server(user="postgres") as server:
        script = (out / "postgres" / "ledger.sql").read_text()
        script = script.replace("/run/secrets/ledger_password", str(password))
        begun = ["psql", "-q", "-v", "ON_ERROR_STOP=1", server.url()]
        subprocess.run(begun, input=script, text=True, check=True)
        with pytest.raises(psycopg.OperationalError, match="authentication failed"):
            server.execute("SELECT 1")
        monkeypatch.setenv("PGPASSWORD", password.read_text())
        monkeypatch.setenv("MODELWRIGHT_SPOOL", str(tmp_path / "spools"))
        where = {"PGHOST": "127.0.0.1", "PGPORT": str(server.port)}
        address = f"postgresql://modelwright@127.0.0.1:{server.port}/modelwright"
        with Ledger.open(address) as ledger, LedgerWriter(ledger, wait_s=0.001) as writer:
            row = Entry(id="1", at=0, version="a", inputs={}, output=1, latency_s=0.0)
            writer.put([row])
            assert writer.flush()
            backup = str(tmp_path / "ledger.dump")
            done = ctl("backup", backup, **where)
            assert (done.returncode, done.stderr) == (0, "")
            ledger.erase(["1"])
            done = ctl("restore", backup, **where)
            assert (done.returncode, done.stderr) == (0, "")
            assert ledger.count() == 1
        assert "is there already" in ctl("backup", backup, **where).stderr
