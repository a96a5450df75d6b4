import json
import re

import pytest

from modelwright.deploy.targets.batch_here import POSTGRESQL
from modelwright.deploy.targets.compose import KEEPS_A_LEDGER, TARGET
from modelwright.deploy.targets.ledger_here import logs_to_postgresql
from modelwright.deploy.targets.validators import find_program
from modelwright.serving.metrics import Memory, Metrics
from target_examples import findings
from throwaway_postgresql import run_server

_SUFFIX = re.compile(r"_(bucket|count|sum)$")


@pytest.fixture
def written(delivery, out):
    TARGET.write(delivery, out)
    return out


def test_what_is_watched_is_what_the_server_counts(written):
    told = Metrics(Memory()).response().body.decode()
    counted = set(re.findall(r"^# TYPE (\w+) ", told, re.M))
    texts = [
        (written / "monitoring" / name).read_text()
        for name in ("alerts.yml", "grafana/dashboards/model.json")
    ]
    for text in texts:
        watched = {_SUFFIX.sub("", name) for name in re.findall(r"modelwright_\w+", text)}
        assert len(watched) > 4
        assert watched <= counted


def test_the_dashboard_is_json_with_a_place_for_every_panel(written):
    dashboard = json.loads((written / "monitoring/grafana/dashboards/model.json").read_text())
    panels = dashboard["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels) == 9
    places = [panel["gridPos"] for panel in panels]
    assert len({(place["x"], place["y"]) for place in places}) == len(places)
    legends = {target["legendFormat"] for panel in panels for target in panel["targets"]}
    assert {"{{status}}", "{{name}} {{version}}"} <= legends


@pytest.mark.parametrize(
    ("program", "file", "old", "new", "name"),
    [
        ("docker-compose", "compose.yaml", "restart:", "restrat:", "compose reads compose.yaml"),
        (
            "promtool",
            "monitoring/alerts.yml",
            "expr: up{",
            "expr: up{{",
            "promtool reads the alerts",
        ),
    ],
)
def test_a_mistake_is_a_fault(written, program, file, old, new, name):
    if find_program(program) is None:
        pytest.skip(f"{program} is not installed")
    (written / file).write_text((written / file).read_text().replace(old, new))
    found = findings(TARGET, written)[name]
    assert found.passed is False
    assert program in found.evidence


@pytest.mark.parametrize(
    ("old", "new", "broken"),
    [
        ("service_healthy", "service_started", "begun when the database answers"),
        ("postgresql://modelwright@postgres/modelwright", "/ledger/x.db", "ledger in PostgreSQL"),
        ("PASSWORD_FILE: /run/secrets/ledger_password", "PASSWORD: s3cret", "passwords in files"),
        ("127.0.0.1:${LEDGER_PORT:-5432}", "5432", "ports of this machine"),
    ],
)
def test_a_ledger_that_is_not_safe_is_a_fault(written, old, new, broken):
    assert KEEPS_A_LEDGER(written).passed
    compose = written / "compose.yaml"
    compose.write_text(compose.read_text().replace(old, new))
    found = KEEPS_A_LEDGER(written)
    assert found.passed is False
    assert broken in found.evidence


def test_what_it_starts_writes_the_ledger(written, monkeypatch):
    assert "no PostgreSQL server is named" in logs_to_postgresql(written).evidence
    with run_server() as server:
        monkeypatch.setenv(POSTGRESQL, server.url())
        found = logs_to_postgresql(written)
        assert found.passed, found.evidence
        compose = written / "compose.yaml"
        compose.write_text(compose.read_text().replace("LEDGER_PASSWORD_FILE", "PASSWORD_FILE"))
        found = logs_to_postgresql(written)
    assert found.passed is False
    assert "password" in found.evidence
    assert server.password not in found.evidence


def test_what_the_ledger_needs_is_pinned_beside_what_the_server_needs(written):
    shared, ledger = (
        dict(re.findall(r"^([a-z0-9-]+)==([0-9.]+)", (written / name).read_text(), re.M))
        for name in ("requirements.txt", "requirements-ledger.txt")
    )
    assert {"psycopg", "psycopg-binary", "sqlalchemy"} <= ledger.keys()
    # One of both, so that one image cannot hold two versions of a library.
    assert not shared.keys() & ledger.keys()
    text = (written / "requirements-ledger.txt").read_text()
    assert text.count("--hash=sha256:") >= len(ledger)
    assert "psycopg" not in (written / "requirements.txt").read_text()
