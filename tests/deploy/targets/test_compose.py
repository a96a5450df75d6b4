import json
import re

import pytest

from modelwright.deploy.targets.compose import TARGET
from modelwright.deploy.targets.validators import find_program
from modelwright.serving.metrics import Memory, Metrics
from target_examples import findings

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
