"""Pictures of the dashboard for the documentation: python -m bench.pictures WORKSPACE.

They are taken by Debian's chromium, of pages that `modelwright ui` shows.
"""

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
PAGES = {"dashboard": ""}
"""Pages of a project by the name of their picture."""

_SIZE = (1080, 860)
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
    taken = []
    with _dashboard(workspace) as address:
        for name, page in PAGES.items():
            taken.append(folder / f"{name}.png")
            _take(chromium, f"{address}/p/{workspace.resolve().name}/{page}", taken[-1])
    return taken


def _take(chromium: str, address: str, path: Path) -> None:
    width, height = _SIZE
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    size, shot = f"--window-size={width},{height}", f"--screenshot={path}"
    subprocess.run([chromium, *flags, size, shot, address], check=True, capture_output=True)
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
