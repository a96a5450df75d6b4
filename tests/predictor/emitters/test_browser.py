import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
from html.parser import HTMLParser

import numpy as np
import pytest

from example_bundle import REGRESSION, make_covered_bundle
from hostile_bundles import NAMES, TARGET, hostile_bundle
from modelwright.predictor.emitters.browser import BROWSER
from modelwright.predictor.emitters.parity import prove
from modelwright.predictor.emitters.replay import write_files

_CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="there is no node")
needs_chromium = pytest.mark.skipif(_CHROMIUM is None, reason="there is no chromium")


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.texts: dict[str, list[str]] = {}
        self.addresses: list[str] = []
        self.policy = ""
        self._tag = ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self._tag = tag
        found = dict(attributes)
        self.texts.setdefault(tag, []).append("")
        self.addresses += [found[name] for name in ("src", "href", "action") if name in found]
        if found.get("http-equiv") == "Content-Security-Policy":
            self.policy = found["content"]

    def handle_data(self, data):
        if self._tag:
            self.texts[self._tag][-1] += data

    def handle_endtag(self, tag):
        self._tag = ""


@needs_node
def test_hostile_names_are_only_names():
    parity = prove(BROWSER, hostile_bundle(), rows=50)
    assert parity.proven, parity


def test_what_comes_from_data_is_text_in_the_page():
    page = _Page(_written(hostile_bundle()))
    assert page.texts["title"] == [f"why? {TARGET}"]
    assert len(page.texts["script"]) == len(page.texts["style"]) == 1
    columns = json.loads(_told(page, "PAGE"))["columns"]
    assert [column["name"] for column in columns[: len(NAMES)]] == [*NAMES]


def test_the_page_reaches_for_nothing_and_runs_its_own_script_only():
    page = _Page(_written(make_covered_bundle()))
    assert page.addresses == ["data:,"]
    for tag in ("script", "style"):
        (text,) = page.texts[tag]
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in page.policy
        assert "http:" not in text
        assert "https:" not in text
    assert "default-src 'none'" in page.policy


@needs_node
def test_rows_are_replayed_in_node_where_there_is_no_browser(tmp_path):
    write_files(BROWSER.emit(make_covered_bundle()), tmp_path)
    node = str(shutil.which("node"))
    done = subprocess.run(
        [node, "replay.mjs"],
        cwd=tmp_path,
        env={**os.environ, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    said = json.loads(done.stdout)
    assert (said["host"], said["differ"], done.returncode) == ("node", 0, 0)


@needs_chromium
def test_a_class_is_told_in_a_browser(tmp_path):
    bundle = make_covered_bundle()
    shown = _shown(bundle, tmp_path)
    no, yes = bundle.cases[0].expected
    assert shown["said"] == ("yes" if yes >= 0.4 else "no")
    assert f"{100 * max(no, yes):.1f} %" in shown["beside"]
    assert shown["beside"].endswith("; from 40 % on it is yes")
    assert shown["held"].startswith("To be right in 90 of 100 rows: ")


@needs_chromium
def test_a_number_is_told_in_a_browser(tmp_path):
    bundle = make_covered_bundle(REGRESSION)
    shown = _shown(bundle, tmp_path)
    expected = bundle.cases[0].expected[0]
    assert float(shown["said"]) == pytest.approx(expected, abs=1e-3)
    low, high = bundle.program.coverage.ends(np.array([[expected]]), 0.9)[0]
    found = re.findall(r"-?[0-9.]*[0-9]", shown["held"].partition(":")[2])
    assert [float(each) for each in found] == pytest.approx([low, high], abs=1e-3)


def _written(bundle) -> str:
    return BROWSER.emit(bundle)["index.html"].decode()


def _told(page: _Page, name: str) -> str:
    found = re.search(rf"^const {name} = (.*);$", page.texts["script"][0], re.MULTILINE)
    assert found is not None
    return found[1]


def _shown(bundle, folder) -> dict[str, str]:
    write_files(BROWSER.emit(bundle), folder)
    flags = ["--headless", "--disable-gpu", "--no-sandbox", f"--user-data-dir={folder / 'user'}"]
    done = subprocess.run(
        [str(_CHROMIUM), *flags, "--dump-dom", (folder / "index.html").as_uri()],
        capture_output=True,
        text=True,
        check=False,
    )
    return dict(re.findall(r'<p id="(said|beside|held)"[^>]*>([^<]*)</p>', done.stdout))
