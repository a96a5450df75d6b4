"""The HTTP clients that other languages bring."""

import json
import shutil
import subprocess

import pytest

from conftest import HERE, ROWS

BODY = json.dumps({"rows": ROWS, "ids": ["a", "b"]})


def _wanted(program: str) -> str:
    found = shutil.which(program)
    return found or pytest.skip(f"{program} is not installed")


def _answers(command: list[str], address: str) -> list[dict]:
    run = subprocess.run(
        [*command, f"{address}/predict", BODY], capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert [line.partition(" ")[0] for line in lines] == ["200", "200"], run.stdout
    return [json.loads(line.partition(" ")[2]) for line in lines]


@pytest.fixture
def check(address, expected):
    named = [{**one, "id": name} for one, name in zip(expected, "ab", strict=True)]

    def ask(*command: str) -> None:
        assert [each["predictions"] for each in _answers([*command], address)] == [named, named]

    return ask


def test_java_which_offers_http_2_is_answered_with_its_body_read(check):
    check(_wanted("java"), str(HERE / "AsksLikeJava.java"))


def test_node_is_answered(check):
    check(_wanted("node"), str(HERE / "asks_like_node.mjs"))


def test_r_is_answered(check):
    script = _wanted("Rscript")
    if subprocess.run([script, "-e", "library(httr2)"], capture_output=True).returncode:
        pytest.skip("R has no httr2")
    check(script, str(HERE / "asks_like_r.R"))
