"""Pictures of the dashboard and the report for the pages: python -m bench.pictures WORKSPACE.

They are taken by Debian's chromium, of pages that `modelwright ui` shows and of the summary that
`modelwright report` writes.
"""

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from modelwright.report.summary import write_summary
from modelwright.workspace.folder import Workspace

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
_SCALE = 0.75
_DASHBOARD, _REPORT = (1200, 1290), (1060, 1290)
"""Widths and heights in which the pages are shown."""
_LARGEST_BYTES = 150_000


def take_pictures(workspace: Path, folder: Path) -> list[Path]:
    """Take all pictures and return their files.

    Parameters
    ----------
    workspace
        What is shown.
    folder
        Where they go.

    Raises
    ------
    SystemExit
        When there is no chromium, or a picture is too large for the documentation.
    """
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("There is no chromium: apt-get install chromium")
    folder.mkdir(parents=True, exist_ok=True)
    dashboard, report = folder / "dashboard.png", folder / "report.png"
    with _dashboard(workspace) as address:
        shown = f"{address}/p/{workspace.resolve().name}/health"
        _take(chromium, shown, dashboard, size=_DASHBOARD)
    page, _ = write_summary(Workspace.open(workspace))
    _take(chromium, page.resolve().as_uri(), report, size=_REPORT)
    return [dashboard, report]


def _take(chromium: str, address: str, path: Path, *, size: tuple[int, int]) -> None:
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    shown = [f"--window-size={size[0]},{size[1]}", f"--force-device-scale-factor={_SCALE}"]
    command = [chromium, *flags, *shown, f"--screenshot={path.resolve()}", address]
    subprocess.run(command, check=True, capture_output=True)
    if path.stat().st_size > _LARGEST_BYTES:
        raise SystemExit(f"{path} is larger than {_LARGEST_BYTES:,} bytes.")


@contextmanager
def _dashboard(workspace: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "modelwright", "ui", str(workspace), "--port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["address"]
        finally:
            process.terminate()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path)
    for picture in take_pictures(parser.parse_args().workspace, FOLDER):
        print(picture)
