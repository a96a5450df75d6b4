import shutil
import subprocess
from dataclasses import replace

import msgspec
import numpy as np
import pytest

from example_bundle import make_bundle
from modelwright.data.schema import Column, Kind, Schema
from modelwright.data.values.moments import moment_of
from modelwright.predictor.cases import recorded_cases
from modelwright.predictor.emitters.cpp import CPP
from modelwright.predictor.emitters.parity import prove
from modelwright.predictor.emitters.replay import write_files
from modelwright.predictor.operations.answers import Link
from modelwright.predictor.operations.linear import Columns, Linear
from modelwright.predictor.operations.numbers import RoundToFloat32
from modelwright.predictor.program import Input, Program
from modelwright.tasks.task import Task

pytestmark = pytest.mark.skipif(shutil.which("g++") is None, reason="there is no g++")

_NAMES = (
    'a"b\\', "a\nb", "*/ int x;", "class", "missing", "2nd", "a b", "a-b", "größe", "grosse",
    "日本", "\\u000a", "x" * 200, "v", "??/", "%s", "NAN", "ETIME", "TRUE",
)  # fmt: skip
_MOMENTS = (
    "1970-01-01", "1969-12-31T23:59:59.999999Z", "2024-02-29 12:30+05:30", "1900-02-29",
    "0000-01-01", "0001-01-01T00", "9999-12-31T23:59:59.999999",
    "2024-01-01T10:00:00,123456789 UTC", "2024-01-01T10:00-1130",
    "2024-01-01T10:00+05:", "2024-13-01", "2024-1-1", "", "2024-01-01x",
    "2024-01-01T24:00", "2024-01-01T10:00:00.1234567890", "2024-01-01T10:00:00.", "2024-01-01 Z",
    "2024-01-01T10 GMT", "2024-01-01T10:00z",
)  # fmt: skip


def _hostile():
    schema = Schema(columns=tuple(Column(name=name, kind=Kind.NUMERIC) for name in _NAMES))
    inputs = tuple(f"column:{name}" for name in _NAMES)
    weights = np.linspace(-1.0, 1.0, 3 * len(_NAMES)).reshape(-1, 3)
    program = Program(
        task=Task(kind="multiclass", classes=('"', "\\", "a\n??/é")),
        inputs=tuple(Input(name=name, type="number") for name in _NAMES),
        steps=(
            Columns(inputs=inputs, output="all"),
            Linear(inputs=("all",), output="raw", weights=weights, bias=np.zeros(3)),
            Link(inputs=("raw",), output="answer", kind="softmax"),
        ),
        answer="answer",
    )
    plain = make_bundle()
    facts = msgspec.structs.replace(plain.facts, target='*/ "x"\n#error', question="why?\n#error")
    rows = [dict.fromkeys(_NAMES, 0.5)]
    cases = recorded_cases(program, rows, schema)
    return replace(plain, program=program, schema=schema, cases=cases, facts=facts)


def test_hostile_names_are_only_names():
    parity = prove(CPP, _hostile(), rows=50)
    assert parity.proven, parity


def test_moments_are_read_as_the_server_reads_them(tmp_path):
    write_files(CPP.emit(make_bundle()), tmp_path)
    asked = "".join(f'    say("{text}");\n' for text in _MOMENTS)
    (tmp_path / "moments.cpp").write_text(
        '#include "left.hpp"\n#include <iostream>\n'
        "void say(const char* text) {\n"
        '    try { std::cout << left::moment(text) << "\\n"; }\n'
        '    catch (const std::invalid_argument&) { std::cout << "refused\\n"; }\n'
        f"}}\nint main() {{\n{asked}}}\n"
    )
    _run(tmp_path, "g++", "-std=c++17", "-o", "moments", "moments.cpp")
    expected = [moment_of(text) for text in _MOMENTS]
    said = _run(tmp_path, "./moments").split()
    assert said == ["refused" if moment is None else str(moment) for moment in expected]


def test_the_example_answers_and_nothing_is_warned_of(tmp_path):
    write_files(CPP.emit(make_bundle()), tmp_path)
    _run(
        tmp_path, "make", "CXXFLAGS=-O1 -Werror -Wshadow -Wpedantic -Wconversion -Wsign-conversion"
    )
    assert _run(tmp_path, "./example").splitlines()[0] in ("no", "yes")
    assert "16" in _run(tmp_path, "make", "-s", "test")


def _run(folder, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_two_numbers_side_by_side_are_rounded():
    # GCC 12 leaves this out of a loop over two, unless it is told not to.
    schema = Schema(columns=tuple(Column(name=name, kind=Kind.NUMERIC) for name in "ab"))
    inputs = tuple(Input(name=name, type="number") for name in "ab")
    program = Program(
        task=Task(kind="regression"),
        inputs=inputs,
        steps=(
            Columns(inputs=("column:a", "column:b"), output="both"),
            RoundToFloat32(inputs=("both",), output="rounded"),
            Linear(inputs=("rounded",), output="y", weights=np.ones((2, 1)), bias=np.zeros(1)),
        ),
        answer="y",
    )
    cases = recorded_cases(program, [{"a": 42.4, "b": 0.1}], schema)
    bundle = replace(make_bundle(), program=program, schema=schema, cases=cases)
    assert prove(CPP, bundle, rows=20).largest == 0.0
