"""How a pipeline is run on tables. This module is written into the test file: it stands alone."""

import importlib.util
import inspect
import re
import shlex
import subprocess
import sys
import tempfile
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import duckdb
import polars as pl

Tables = dict[str, pl.DataFrame]

TIMEOUT_S = 600.0
_MODEL = re.compile(r"\{\{\s*ref\(\s*['\"](\w+)['\"]\s*\)\s*\}\}")
_SOURCE = re.compile(r"\{\{\s*source\(\s*['\"](\w+)['\"]\s*,\s*['\"](\w+)['\"]\s*\)\s*\}\}")
_CONFIG = re.compile(r"\{\{\s*config\(.*?\)\s*\}\}", re.DOTALL)


def run_function(path: str, name: str, inputs: Tables) -> pl.DataFrame:
    """Call a Python function with the inputs by name; it takes and returns data frames.

    They are of polars, or of pandas where the function's annotations say so.
    """
    where = importlib.util.spec_from_file_location(Path(path).stem, path)
    if where is None or where.loader is None:
        raise ImportError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(where)
    sys.path.insert(0, str(Path(path).resolve().parent))
    try:
        where.loader.exec_module(module)
        function = getattr(module, name)
        pandas = "pandas" in str(inspect.signature(function))
        frames = {each: table.to_pandas() if pandas else table for each, table in inputs.items()}
        made = function(**frames)
    finally:
        sys.path.pop(0)
    return made if isinstance(made, pl.DataFrame) else pl.DataFrame(made)


def run_query(text: str, inputs: Tables) -> pl.DataFrame:
    """Run one SELECT in DuckDB, in which the inputs are tables."""
    with duckdb.connect() as database:
        _give(database, inputs)
        made: pl.DataFrame = database.sql(text.strip().rstrip(";")).pl()
        return made


def run_folder(folder: str, output: str, inputs: Tables) -> pl.DataFrame:
    """Run a folder of SELECTs that name each other by ref and the inputs by source, as dbt does."""
    models = {path.stem: path.read_text("utf-8") for path in sorted(Path(folder).rglob("*.sql"))}
    needs = {name: models_in(text) & set(models) for name, text in models.items()}
    try:
        order = list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        raise ValueError(f"these models need each other: {error.args[1]}") from error
    with duckdb.connect() as database:
        _give(database, inputs)
        for name in order:
            text = _CONFIG.sub("", _named(models[name], inputs))
            if "{{" in text or "{%" in text:
                raise ValueError(
                    f"{name}.sql has more than ref, source and config in braces: run `dbt compile` "
                    "and name the folder of what it compiled"
                )
            database.execute(f'CREATE TABLE "{name}" AS {text.strip().rstrip(";")}')
        made: pl.DataFrame = database.table(f'"{output}"').pl()
        return made


def _named(text: str, inputs: Tables) -> str:
    """Write the names of models and of inputs in place of ref and source."""

    def name_of(source: re.Match[str]) -> str:
        schema, table = source.groups()
        return f'"{schema}"."{table}"' if f"{schema}.{table}" in inputs else f'"{table}"'

    return _SOURCE.sub(name_of, _MODEL.sub(r'"\1"', text))


def _give(database: duckdb.DuckDBPyConnection, inputs: Tables) -> None:
    """Make the inputs tables of a database; before a point stands the schema."""
    for name, table in inputs.items():
        database.register(name, table.to_arrow())
        schema, _, bare = name.rpartition(".")
        if schema:
            database.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
            database.execute(f'CREATE TABLE "{schema}"."{bare}" AS SELECT * FROM "{name}"')


def run_command(command: str, suffixes: dict[str, str], inputs: Tables) -> pl.DataFrame:
    """Run a command in an empty folder, in which {NAME} is the file of an input.

    {output} is the file that it writes. Inputs are written there anew for each run: the command
    never sees the sources.
    """
    with tempfile.TemporaryDirectory() as folder:
        files = {name: Path(folder) / f"{name}{suffix}" for name, suffix in suffixes.items()}
        for name, table in inputs.items():
            write = table.write_parquet if files[name].suffix == ".parquet" else table.write_csv
            write(files[name])
        words = shlex.split(command)
        for name, file in files.items():
            words = [word.replace("{" + name + "}", str(file)) for word in words]
        done = subprocess.run(words, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines()
            raise RuntimeError(f"exit code {done.returncode}: {said[-1] if said else ''}")
        made = files["output"]
        if not made.exists():
            raise RuntimeError("the command ended well, but wrote no {output}")
        return read_table(made)


def read_table(file: Path) -> pl.DataFrame:
    """Read a file of Parquet or of comma-separated values, every row of which tells the kinds."""
    if file.suffix == ".parquet":
        return pl.read_parquet(file)
    return pl.read_csv(file, try_parse_dates=True, infer_schema_length=None)


def models_in(text: str) -> set[str]:
    """Return the models that a model names by ref."""
    return set(_MODEL.findall(text))
