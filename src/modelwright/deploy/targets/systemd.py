"""The target ``systemd``: a hardened service of one Linux machine."""

import tempfile
from pathlib import Path

from modelwright.deploy.targets.base import Validation
from modelwright.deploy.targets.folder import FolderTarget
from modelwright.deploy.targets.parts import bundle, runtime, templates
from modelwright.deploy.targets.serving_here import serves_here
from modelwright.deploy.targets.validators import (
    by_program,
    run_program,
    sound_bundle,
    whole,
)

_MOST_EXPOSED = 15
"""Tenths of the ten points that systemd gives to a service that may do everything."""
_INSTALL = "the package systemd of a Linux distribution"


def _verified(folder: Path) -> Validation:
    """Let systemd read the unit, with a program where the unit expects one."""
    (unit,) = folder.glob("*.service")
    with tempfile.TemporaryDirectory() as place:
        program = Path(place, "current", "env", "bin", "python")
        program.parent.mkdir(parents=True)
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
        stand_in = Path(place, unit.name)
        text = unit.read_text(encoding="utf-8").replace(
            f"/opt/{unit.stem}/current", f"{place}/current"
        )
        stand_in.write_text(text, encoding="utf-8")
        # A misspelt key is only warned of, so every word counts.
        found = run_program(
            "systemd reads the unit without a word",
            ["systemd-analyze", "verify", str(stand_in)],
            folder,
            install=_INSTALL,
            quiet=True,
        )
    told = found.evidence.replace(place, f"/opt/{unit.stem}")
    return Validation(found.name, found.passed, told)


def _hardened(folder: Path) -> Validation:
    """Let systemd score how much the service may do: 0 nothing, 10 everything."""
    (unit,) = folder.glob("*.service")
    analyse = ["systemd-analyze", "security", "--offline=true", "--no-pager"]
    return run_program(
        f"systemd calls the service safe: exposure below {_MOST_EXPOSED / 10:g} of 10",
        [*analyse, f"--threshold={_MOST_EXPOSED}", f"./{unit.name}"],
        folder,
        install=_INSTALL,
    )


TARGET = FolderTarget(
    name="systemd",
    sentence="A hardened service of one Linux machine, with an installer.",
    parts=(bundle, runtime, templates("shared", "systemd")),
    validators=(
        whole,
        sound_bundle,
        by_program("the shell reads install", ["sh", "-n", "install"], install="a POSIX shell"),
        _verified,
        _hardened,
        serves_here,
    ),
)
