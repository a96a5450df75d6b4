"""The target ``schedule``: what runs `modelwright maintain` every night."""

import ast
import re
import tempfile
from pathlib import Path

import yaml

from modelwright.deploy.targets.base import Validation
from modelwright.deploy.targets.folder import FolderTarget
from modelwright.deploy.targets.parts import bundle, templates
from modelwright.deploy.targets.validators import (
    by_program,
    run_program,
    sound_bundle,
    verdict,
    whole,
)

_CRON = re.compile(r"[0-5]?\d [01]?\d \* \* \*")


def units_are_read(folder: Path) -> Validation:
    """Let systemd read the timer and its service, with a program where the service expects one."""
    (service,) = folder.glob("*.service")
    with tempfile.TemporaryDirectory() as place:
        program = Path(place, "modelwright")
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
        text = service.read_text(encoding="utf-8")
        text = re.sub(r"^(ExecStart=)\S+", rf"\1{program}", text, flags=re.M)
        units = [Path(place, service.name), Path(place, f"{service.stem}.timer")]
        units[0].write_text(text, encoding="utf-8")
        units[1].write_bytes((folder / units[1].name).read_bytes())
        found = run_program(
            "systemd reads the timer and its service without a word",
            ["systemd-analyze", "verify", *map(str, units)],
            folder,
            install="the package systemd of a Linux distribution",
            quiet=True,
        )
    told = found.evidence.replace(f"{place}/", "")
    return Validation(found.name, found.passed, told)


def dag_is_read(folder: Path) -> Validation:
    """Parse the file of Airflow, and look for one DAG with a schedule of five fields."""
    name = "the DAG is Python, with a schedule that cron knows"
    text = (folder / "airflow_dag.py").read_text(encoding="utf-8")
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        return Validation(name, False, f"airflow_dag.py, line {error.lineno}: {error.msg}")
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    dags = [call for call in calls if getattr(call.func, "id", "") == "DAG"]
    said = [
        keyword.value.value
        for call in dags
        for keyword in call.keywords
        if keyword.arg == "schedule" and isinstance(keyword.value, ast.Constant)
    ]
    faults = [] if len(dags) == 1 else [f"{len(dags)} DAGs"]
    faults += [f"schedule {each!r}" for each in said or [None] if not _is_cron(each)]
    return verdict(name, faults, f"{said}; Airflow itself reads it when it is there")


def workflow_is_read(folder: Path) -> Validation:
    """Parse the workflow, and look for its schedule and its step."""
    name = "the workflow is YAML, with a schedule that cron knows"
    try:
        read = yaml.safe_load((folder / "github-workflow.yml").read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        return Validation(name, False, str(error)[:300])
    # YAML 1.1 reads the word `on` as true.
    said = [each.get("cron") for each in read[True]["schedule"]]
    steps = [step for job in read["jobs"].values() for step in job["steps"]]
    faults = [f"cron {each!r}" for each in said if not _is_cron(each)]
    faults += [] if any("maintain --new" in step["run"] for step in steps) else ["no step"]
    return verdict(name, faults, f"{said}, {len(steps)} step")


def crontab_is_read(folder: Path) -> Validation:
    """Look for one line with a time and the command."""
    lines = (folder / "crontab").read_text(encoding="utf-8").splitlines()
    jobs = [line for line in lines if line and not line.startswith("#")]
    faults = [line for line in jobs if not _CRON.match(line) or "maintain --new" not in line]
    faults += [] if len(jobs) == 1 else [f"{len(jobs)} lines"]
    return verdict("the crontab has one job at a time that cron knows", faults, jobs[0][:20])


def _is_cron(schedule: object) -> bool:
    return isinstance(schedule, str) and _CRON.fullmatch(schedule) is not None


TARGET = FolderTarget(
    name="schedule",
    sentence="What looks at the model every night: cron, systemd, Airflow or GitHub Actions.",
    parts=(bundle, templates("schedule")),
    validators=(
        whole,
        sound_bundle,
        crontab_is_read,
        units_are_read,
        dag_is_read,
        workflow_is_read,
        by_program(
            "actionlint reads the workflow",
            ["actionlint", "github-workflow.yml"],
            install="actionlint of rhysd, or go install github.com/rhysd/actionlint/cmd/actionlint",
        ),
    ),
)
