"""The site of the documentation in a real browser: it fits a phone, and is dark where asked for."""

import subprocess
import sys
from pathlib import Path

import pytest

from seen_pages import overflow

_ROOT = Path(__file__).parents[2]
_PAGES = ("index", "tutorial", "flights", "explain/comparison", "reference/cli", "benchmarks/index")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = ["mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    subprocess.run([sys.executable, "-m", *command], cwd=_ROOT, check=True)
    return folder


def test_pages_fit_a_phone_in_the_dark(browser, site):
    context = browser.new_context(viewport={"width": 390, "height": 900}, color_scheme="dark")
    page = context.new_page()
    for name in _PAGES:
        page.goto((site / f"{name}.html").as_uri())
        assert overflow(page) <= 0, name
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    context.close()
