"""The target ``compose``: a server, its ledger in PostgreSQL, Prometheus and Grafana."""

from typing import Any

from modelwright.deploy.targets.containers import IMAGE_CHECKS, by_fields, image_parts
from modelwright.deploy.targets.folder import FolderTarget
from modelwright.deploy.targets.image_here import image_serves
from modelwright.deploy.targets.ledger_here import logs_to_postgresql
from modelwright.deploy.targets.serving_here import serves_here
from modelwright.deploy.targets.validators import by_program

_PROMTOOL = "the package prometheus of Debian, or Prometheus itself"


def _service(said: Any, name: str) -> Any:
    return said["services"][name]


def _tells_no_password(said: Any) -> bool:
    """Say whether no variable holds a password; one may name the file that does."""
    return not any(
        "PASSWORD" in name and not value.startswith("/run/secrets/")
        for service in said["services"].values()
        for name, value in service.get("environment", {}).items()
    )


KEEPS_A_LEDGER = by_fields(
    "the server keeps its ledger in a database that nobody outside reaches",
    "compose.yaml",
    {
        "a ledger in PostgreSQL": lambda said: (
            _service(said, "model")["command"][:1] == ["--ledger"]
            and _service(said, "model")["command"][1].startswith("postgresql://")
        ),
        "begun when the database answers": lambda said: (
            _service(said, "model")["depends_on"]["postgres"]["condition"] == "service_healthy"
        ),
        "a health check of the database": lambda said: bool(
            _service(said, "postgres")["healthcheck"]["test"]
        ),
        "a volume of the database": lambda said: "postgres" in said["volumes"],
        "passwords in files only": _tells_no_password,
        "ports of this machine only": lambda said: all(
            port.startswith("127.0.0.1:")
            for service in said["services"].values()
            for port in service["ports"]
        ),
    },
)

TARGET = FolderTarget(
    name="compose",
    sentence="A server, its ledger in PostgreSQL, Prometheus with alerts, and Grafana: one host.",
    parts=image_parts("compose"),
    validators=(
        *IMAGE_CHECKS,
        KEEPS_A_LEDGER,
        by_program("the shell reads ctl", ["sh", "-n", "ctl"], install="a POSIX shell"),
        by_program(
            "compose reads compose.yaml",
            ["docker-compose", "--file", "compose.yaml", "config", "--quiet"],
            install="the package docker-compose of Debian",
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
        image_serves,
        logs_to_postgresql,
    ),
)
