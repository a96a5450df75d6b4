"""The target ``compose``: a server with Prometheus and Grafana on one machine."""

from modelwright.deploy.targets.docker import HADOLINT, SAFE_IMAGE, copies_reach_the_image
from modelwright.deploy.targets.folder import FolderTarget
from modelwright.deploy.targets.parts import bundle, runtime, templates
from modelwright.deploy.targets.serving_here import serves_here
from modelwright.deploy.targets.validators import by_program, sound_bundle, whole

_PROMTOOL = "the package prometheus of Debian, or Prometheus itself"

TARGET = FolderTarget(
    name="compose",
    sentence="A server with Prometheus, alerts and a Grafana dashboard, on one machine.",
    parts=(bundle, runtime, templates("shared", "docker", "compose")),
    validators=(
        whole,
        sound_bundle,
        SAFE_IMAGE,
        copies_reach_the_image,
        HADOLINT,
        by_program(
            "compose reads compose.yaml",
            ["docker-compose", "--file", "compose.yaml", "config", "--quiet"],
            install="the package docker-compose of Debian",
            environment={"GRAFANA_PASSWORD": "unused"},
        ),
        by_program(
            "promtool reads the alerts",
            ["promtool", "check", "rules", "monitoring/alerts.yml"],
            install=_PROMTOOL,
        ),
        by_program(
            "promtool reads the scraping",
            ["promtool", "check", "config", "--syntax-only", "monitoring/prometheus.yml"],
            install=_PROMTOOL,
        ),
        serves_here,
    ),
)
