"""What the pages about other languages show is run, on a model of late flights.

The pages: docs/reference/cpp.md, docs/reference/java.md, docs/reference/javascript.md,
docs/reference/onnx.md, docs/reference/python-file.md and docs/reference/r.md.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec.structs import replace as changed

from docs_blocks import every_block
from example_bundle import ROWS, make_covered_bundle
from modelwright.data.records import columns_from_records
from modelwright.data.schema import Schema
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.cases import recorded_cases
from modelwright.predictor.emitters.registry import EMITTERS
from modelwright.predictor.emitters.replay import write_files
from modelwright.predictor.reference.reference import reference_of

_NAMES = {"age": "distance", "member": "weekend", "job": "carrier", "seen": "departs"}


def late_bundle() -> Bundle:
    """Return the example under the names of the pages."""
    made = make_covered_bundle()
    schema = Schema(columns=tuple(changed(each, name=_NAMES[each.name]) for each in made.schema))
    program = changed(
        made.program,
        inputs=tuple(changed(each, name=_NAMES[each.name]) for each in made.program.inputs),
        coverage=changed(made.program.coverage, levels=(0.9, 0.95)),
        steps=tuple(changed(each, inputs=_renamed(each.inputs)) for each in made.program.steps),
    )
    rows = [{_NAMES[name]: value for name, value in row.items()} for row in ROWS]
    columns = columns_from_records(rows, schema)
    return replace(
        made,
        program=program,
        schema=schema,
        reference=reference_of(columns, schema, program.run(columns), program.task),
        cases=recorded_cases(program, rows, schema),
        facts=changed(made.facts, target="late"),
    )


def _renamed(inputs: tuple[str, ...]) -> tuple[str, ...]:
    start = "column:"
    return tuple(
        start + _NAMES[each.removeprefix(start)] if each.startswith(start) else each
        for each in inputs
    )


def _cpp(folder: Path, text: str) -> list[list[str]]:
    include, _, rest = text.partition("\n")
    (folder / "page.cpp").write_text(f"{include}\nint main() {{{rest}}}\n")
    return [["g++", "-std=c++17", "page.cpp", "-o", "page"], ["./page"]]


def _java(folder: Path, text: str) -> list[list[str]]:
    called, _, rest = text.partition("\n")
    main = f"public static void main(String[] arguments) {{{rest}}}"
    (folder / "Page.java").write_text(f"{called}\npublic class Page {{ {main} }}\n")
    compiled = ["javac", "-d", "out", "-sourcepath", "src/main/java", "Page.java"]
    return [compiled, ["java", "-cp", "out", "Page"]]


def _javascript(folder: Path, text: str) -> list[list[str]]:
    (folder / "page.mjs").write_text(text)
    return [["node", "page.mjs"]]


def _r(folder: Path, text: str) -> list[list[str]]:
    (folder / "flights.csv").write_text("carrier,distance\nAA,733\n")
    (folder / "page.R").write_text(text)
    return [["Rscript", "page.R"]]


def _python(folder: Path, text: str) -> list[list[str]]:
    (folder / "page.py").write_text(text)
    return [[sys.executable, "page.py"]]


_LANGUAGES: Mapping[str, tuple[str, Callable[[Path, str], list[list[str]]]]] = {
    "cpp": ("cpp", _cpp),
    "java": ("java", _java),
    "javascript": ("javascript", _javascript),
    "onnx": ("onnx", _python),
    "python-file": ("python", _python),
    "r": ("r", _r),
}


@pytest.mark.parametrize("name", _LANGUAGES)
def test_what_a_page_shows_runs(name, tmp_path):
    emitter, written = _LANGUAGES[name]
    block = next(each for each in every_block(f"reference/{name}.md") if each.mark)
    write_files(EMITTERS[emitter].emit(late_bundle()), tmp_path)
    for command in written(tmp_path, block.text):
        if shutil.which(command[0]) is None and not command[0].startswith("./"):
            pytest.skip(f"there is no {command[0]}")
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
