"""The checks of a pipeline as tests for the data team: they need polars, DuckDB and pytest."""

import inspect
import json
import os
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from types import ModuleType

from modelwright._version import __version__
from modelwright.explore.pipelines import checks, runners
from modelwright.explore.pipelines.checks import Tables
from modelwright.explore.pipelines.examination import Facts, Outcome
from modelwright.explore.pipelines.pipeline import Pipeline, is_plain_file

TEST_FILE = "test_pipeline.py"
_MODULES: dict[str, ModuleType] = {
    "pipeline_checks.py": checks,
    "pipeline_runners.py": runners,
}
_CALLS = {
    "has_unique_keys": "(run(inputs), KEY)",
    "keeps_the_keys": "(run(inputs), inputs[name], KEY)",
    "repeats_itself": "(whole_run, inputs, KEY)",
    "leaves_inputs_alone": "(run, inputs)",
    "takes_late_rows": "(run, inputs, name, column, KEY)",
    "knows_only_the_past": "(run, inputs, name, column, moment=MOMENT, key=KEY)",
}
_OF_AN_INPUT, _OF_A_COLUMN = "(run, inputs, name, KEY)", "(run, inputs, name, column, KEY)"
_HEAD = '''\
"""Tests of the pipeline {named}.

Written by modelwright {version} on {day}; keep them, change them. They run the pipeline on copies
of its inputs, whole and damaged. `known` marks what was wrong on that day: mend it, and the test
says that the mark can go. `told` marks what few pipelines can pass alone.
"""

from functools import partial
from pathlib import Path

import polars as pl
import pytest

import pipeline_checks as checks
import pipeline_runners as runners

HERE = Path(__file__).resolve().parent
INPUTS = {inputs}
KEY = {key}
MOMENT = {moment}
UNSTEADY = {unsteady}

whole_run = partial({runner})
run = checks.steady(whole_run, UNSTEADY)


def known(reason: str) -> pytest.MarkDecorator:
    return pytest.mark.xfail(reason=reason, strict=True)


def told(reason: str) -> pytest.MarkDecorator:
    return pytest.mark.xfail(reason=reason, strict=False)


@pytest.fixture(scope="session")
def inputs() -> dict[str, pl.DataFrame]:
    return {{name: runners.read_table(HERE / path) for name, path in INPUTS.items()}}
'''


def write_tests(
    pipeline: Pipeline,
    inputs: Tables,
    facts: Facts,
    outcomes: Sequence[Outcome],
    *,
    folder: Path,
    day: date,
) -> Path:
    """Write the checks that were made as a pytest file beside the modules that it needs.

    Parameters
    ----------
    pipeline, inputs, facts
        What was examined. Inputs that are no plain files are written beside the tests.
    outcomes
        What was found; it marks tests that are known to fail.
    folder
        Where to write; made where it is not there.
    day
        For the head of the file.

    Returns
    -------
    Path
        The test file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, module in _MODULES.items():
        (folder / name).write_text(inspect.getsource(module), encoding="utf-8")
    head = _HEAD.format(
        named=pipeline.named.replace("\\", "\\\\"),
        version=__version__,
        day=day.isoformat(),
        inputs=_dictionary({name: _place(name, pipeline, inputs, folder) for name in inputs}),
        key=_quoted(facts.key),
        moment=_quoted(facts.moment),
        unsteady=json.dumps(facts.unsteady, ensure_ascii=False),
        runner=_runner(pipeline, folder),
    )
    names = dict.fromkeys(outcome.check for outcome in outcomes if outcome.check != "is_fresh")
    tests = (_test(name, [each for each in outcomes if each.check == name]) for name in names)
    file = folder / TEST_FILE
    file.write_text("\n\n".join((head, *tests)), encoding="utf-8")
    return file


def _place(name: str, pipeline: Pipeline, inputs: Tables, folder: Path) -> str:
    """Return where the tests find an input, from their folder."""
    address = pipeline.inputs[name]
    if is_plain_file(address):
        return _relative(Path(address), folder)
    inputs[name].write_parquet(folder / f"{name}.parquet")
    return f"{name}.parquet"


def _runner(pipeline: Pipeline, folder: Path) -> str:
    match pipeline.kind:
        case "function":
            path, name = pipeline.named.rsplit(":", 1)
            place = _quoted(_relative(Path(path), folder))
            return f"runners.run_function, str(HERE / {place}), {_quoted(name)}"
        case "query":
            place = _quoted(_relative(Path(pipeline.named), folder))
            return f'runners.run_query, (HERE / {place}).read_text(encoding="utf-8")'
        case "folder":
            place = _quoted(_relative(Path(pipeline.named), folder))
            return f"runners.run_folder, str(HERE / {place}), {_quoted(pipeline.output)}"
        case "command":
            return (
                f"runners.run_command, {_quoted(pipeline.named)}, {json.dumps(pipeline.suffixes)}"
            )


def _test(name: str, outcomes: Sequence[Outcome]) -> str:
    first = outcomes[0]
    named = [each for each in ("name", "column") if getattr(first, _FIELDS[each])]
    call = _CALLS.get(name, _OF_A_COLUMN if first.column else _OF_AN_INPUT)
    body = (
        f"def test_{name}({', '.join(('inputs', *named))}):\n    assert not checks.{name}{call}\n"
    )
    if not named:
        return "\n".join(filter(None, (_mark(first, "@"), body)))
    cases = [_case(outcome, named) for outcome in outcomes]
    argument = f'"{named[0]}"' if len(named) == 1 else f"({', '.join(map(_quoted, named))})"
    return f"@pytest.mark.parametrize(\n    {argument},\n    [\n{_lines(cases)}    ],\n)\n{body}"


_FIELDS = {"name": "input", "column": "column"}


def _case(outcome: Outcome, named: Sequence[str]) -> str:
    values = ", ".join(_quoted(getattr(outcome, _FIELDS[each])) for each in named)
    mark = _mark(outcome, "")
    return f"pytest.param({values}{f', marks={mark}' if mark else ''})"


def _mark(outcome: Outcome, sign: str) -> str:
    if outcome.verdict == "passed":
        return ""
    return (
        f"{sign}{'known' if outcome.verdict == 'failed' else 'told'}({_quoted(outcome.sentence)})"
    )


def _lines(cases: Iterable[str]) -> str:
    return "".join(f"        {case},\n" for case in cases)


def _dictionary(entries: dict[str, str]) -> str:
    return (
        "{\n"
        + "".join(f"    {_quoted(name)}: {_quoted(path)},\n" for name, path in entries.items())
        + "}"
    )


def _quoted(text: str) -> str:
    """Return a text as Python writes it, in double quotes."""
    return json.dumps(text, ensure_ascii=False)


def _relative(path: Path, folder: Path) -> str:
    return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
