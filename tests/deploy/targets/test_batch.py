import subprocess
import sys
from dataclasses import replace
from os import environ

import msgspec
import polars as pl
import pytest

from example_bundle import BINARY, MULTICLASS, REGRESSION, ROWS, make_bundle
from modelwright.deploy.targets.base import Delivery
from modelwright.deploy.targets.batch import TARGET
from modelwright.deploy.targets.batch_here import POSTGRESQL, answers_postgresql, answers_sqlite
from modelwright.deploy.targets.libraries import LOCK, names_in
from modelwright.predictor.bundle_folder import write_bundle
from throwaway_postgresql import run_server


@pytest.fixture
def written(delivery, out):
    TARGET.write(delivery, out)
    return out


@pytest.mark.parametrize("task", [BINARY, MULTICLASS, REGRESSION], ids=lambda task: task.kind)
def test_recorded_rows_go_through_a_table(task, tmp_path):
    write_bundle(make_bundle(task), tmp_path / "source")
    TARGET.write(Delivery.of(tmp_path / "source"), tmp_path / "out")
    found = answers_sqlite(tmp_path / "out")
    assert found.passed, found.evidence


def test_another_answer_is_a_fault(tmp_path):
    bundle = make_bundle(REGRESSION)
    first = msgspec.structs.replace(bundle.cases[0], expected=(7.0,))
    write_bundle(replace(bundle, cases=(first, *bundle.cases[1:])), tmp_path / "source")
    TARGET.write(Delivery.of(tmp_path / "source"), tmp_path / "out")
    found = answers_sqlite(tmp_path / "out")
    assert (found.passed, found.evidence) == (False, "row 0 has another answer")


def test_columns_that_a_database_tells_not_apart_are_said(written, monkeypatch):
    monkeypatch.setattr("modelwright.deploy.targets.batch_here._KEY", "AGE")
    found = answers_sqlite(written)
    assert found.passed is None
    assert "duplicate column name: age" in found.evidence


def test_recorded_rows_go_through_postgresql(written, monkeypatch):
    assert "no PostgreSQL server is named" in answers_postgresql(written).evidence
    with run_server() as server:
        monkeypatch.setenv(POSTGRESQL, server.url())
        found = answers_postgresql(written)
    assert found.passed, found.evidence


def test_the_lock_has_all_that_a_job_imports(written):
    names = {*names_in((written / LOCK).read_text())}
    assert {"polars", "duckdb", "pyarrow", "adbc-driver-postgresql", "numpy"} <= names
    program = (
        "import sys; known = set(sys.modules); import modelwright.engineer.batch.__main__; "
        "print(*{name.partition('.')[0] for name in set(sys.modules) - known})"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(written / "runtime"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    found = {name.replace("_", "-") for name in done.stdout.split() if not name.startswith("_")}
    found = {{"yaml": "pyyaml", "cython-runtime": "pyyaml"}.get(name, name) for name in found}
    stdlib = {name.replace("_", "-") for name in sys.stdlib_module_names}
    assert {"numpy", "threadpoolctl"} <= found - stdlib - {"modelwright"} <= names


def test_the_folder_runs_what_its_settings_say(written):
    def ctl(*words):
        return subprocess.run(
            [written / "ctl", *words],
            env={**environ, "PYTHON": sys.executable},
            capture_output=True,
            text=True,
            timeout=60,
        )

    assert "in run/job.toml" in ctl("run").stderr
    assert "recorded answers, bit for bit" in ctl("check").stdout
    pl.DataFrame(ROWS).write_parquet(written / "rows.parquet")
    settings = written / "run" / "job.toml"
    settings.write_text(settings.read_text().replace("quarantine", "ignore"))
    done = ctl("run")
    assert (done.returncode, done.stderr) == (0, "")
    assert pl.read_parquet(written / "answers.parquet").height == len(ROWS)
    settings.write_text(settings.read_text() + 'tabel = "x"\n')
    done = ctl("run")
    assert (done.returncode, "Did you mean 'table'" in done.stderr) == (2, True)
