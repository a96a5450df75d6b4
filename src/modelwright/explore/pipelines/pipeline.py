"""What a person names as the pipeline that feeds a model."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import polars as pl

from modelwright.data.sources.databases import split_table
from modelwright.data.sources.open import open_source
from modelwright.errors import InputError, SourceError, nearest
from modelwright.explore.pipelines import runners
from modelwright.explore.pipelines.checks import Run, Tables

Kind = Literal["function", "query", "folder", "command"]

_FORMS = (
    "Name a function (features.py:build), a file with one SELECT (orders.sql), a folder of such "
    "files, or a command with {output} in it."
)
_SUFFIXES = (".csv", ".parquet")
_TAKEN = ("information_schema", "memory", "pg_catalog", "system", "temp")
"""Schemas that DuckDB keeps for itself, and names of its catalogs."""


@dataclass(frozen=True)
class Pipeline:
    """A way from named tables to one table.

    Parameters
    ----------
    kind
        How it is run.
    named
        As the person wrote it.
    inputs
        The address of each input by its name.
    output
        The model of a folder, or the form of a command's file.
    """

    kind: Kind
    named: str
    inputs: Mapping[str, str]
    output: str = ""

    @property
    def run(self) -> Run:
        """Return the function from tables to the table."""
        match self.kind:
            case "function":
                path, name = self.named.rsplit(":", 1)
                return partial(runners.run_function, path, name)
            case "query":
                return partial(runners.run_query, Path(self.named).read_text(encoding="utf-8"))
            case "folder":
                return partial(runners.run_folder, self.named, self.output)
            case "command":
                return partial(runners.run_command, self.named, self.suffixes)

    @property
    def suffixes(self) -> dict[str, str]:
        """The form in which a command gets each input and writes its output."""
        suffixes = {name: _suffix_of(address) for name, address in self.inputs.items()}
        return suffixes | {"output": self.output or ".csv"}


def pipeline_of(named: str, inputs: Mapping[str, str], *, output: str = "") -> Pipeline:
    """Return the pipeline that a person means.

    Parameters
    ----------
    named
        ``FILE.py:FUNCTION``, ``FILE.sql``, a folder, or a command with ``{output}`` in it.
    inputs
        The address of each input by its name.
    output
        Which model of a folder; by default the one that no other needs. Of a command the suffix of
        the file that it writes, by default ``.csv``.

    Raises
    ------
    InputError
        When it is none of these, or not there.
    """
    if "{output}" in named:
        if output and output not in _SUFFIXES:
            raise InputError(f"A command cannot write {output!r}.", "Say .csv or .parquet.")
        return Pipeline("command", named, inputs, output)
    path, _, function = named.rpartition(":")
    if path.endswith(".py"):
        _check_function(Path(path), function, inputs)
        return Pipeline("function", named, inputs)
    _check_schemas(inputs)
    if Path(named).is_dir():
        return Pipeline("folder", named, inputs, _model_of(Path(named), output))
    if Path(named).is_file() and named.endswith(".sql"):
        return Pipeline("query", named, inputs)
    raise InputError(f"{named!r} is no pipeline that is there.", _FORMS)


def _check_schemas(inputs: Mapping[str, str]) -> None:
    for name in inputs:
        schema = name.rpartition(".")[0]
        if schema.lower() in _TAKEN:
            raise InputError(
                f"{schema!r} of the input {name!r} is a name that DuckDB keeps for itself.",
                "Give it another schema, or none, there and in the SQL: sales.orders.",
            )


def read_inputs(pipeline: Pipeline) -> Tables:
    """Read every input, whole.

    Raises
    ------
    SourceError
        When one cannot be read.
    """
    return {name: _read(address) for name, address in pipeline.inputs.items()}


def first_output(pipeline: Pipeline, inputs: Tables) -> pl.DataFrame:
    """Run a pipeline once on whole inputs.

    Raises
    ------
    InputError
        When it does not even end well there.
    """
    try:
        output = pipeline.run(dict(inputs))
    except Exception as error:  # a pipeline raises what it likes
        said = f"{type(error).__name__}: {error}".strip().splitlines()[0]
        raise InputError(
            f"The pipeline {pipeline.named!r} does not run on its inputs: {said[:300]}.",
            "Mend it first; the tests begin with a run that ends well.",
        ) from error
    if not len(output):
        raise InputError(
            f"The pipeline {pipeline.named!r} gives no row for its inputs.",
            "Give inputs from which rows come.",
        )
    return output


def is_plain_file(address: str) -> bool:
    """Say whether an input is a file that the tests can read without modelwright."""
    return address.endswith(_SUFFIXES) and Path(address).is_file()


def _read(address: str) -> pl.DataFrame:
    if not is_plain_file(address):
        database, table = split_table(address)
        return open_source(database, table=table or None).read()
    try:
        return runners.read_table(Path(address))
    except pl.exceptions.PolarsError as error:
        raise SourceError(f"{address} cannot be read: {error}.") from error


def _check_function(path: Path, function: str, inputs: Mapping[str, str]) -> None:
    if not path.is_file():
        raise InputError(f"There is no file {path}.", _FORMS)
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (SyntaxError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is no valid Python: {error}.", "Mend it first.") from error
    known = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    if function not in known:
        raise InputError(f"{path} has no function {function!r}.", nearest(function, known))
    for name in inputs:
        if not name.isidentifier():
            raise InputError(
                f"The input {name!r} is no name of an argument of {function!r}.",
                "Name it as the function calls it: --input orders=DATA.",
            )


def _model_of(folder: Path, output: str) -> str:
    texts = {path.stem: path.read_text(encoding="utf-8") for path in folder.rglob("*.sql")}
    if not texts:
        raise InputError(f"{folder} has no .sql file.", _FORMS)
    if output:
        if output not in texts:
            raise InputError(f"{folder} has no model {output!r}.", nearest(output, texts))
        return output
    needed = {name for text in texts.values() for name in runners.models_in(text)}
    last = sorted(set(texts) - needed)
    if len(last) != 1:
        raise InputError(
            f"{folder} ends in {len(last)} models: {', '.join(last)}.", "Name one: --output MODEL."
        )
    return last[0]


def _suffix_of(address: str) -> str:
    return ".parquet" if address.endswith(".parquet") else ".csv"
