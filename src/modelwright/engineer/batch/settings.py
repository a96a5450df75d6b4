"""The settings file of a job that runs by itself: `job.toml`."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from modelwright.data.pieces.base import ROWS
from modelwright.engineer.batch.ask import Asked
from modelwright.engineer.batch.recipe import Recipe
from modelwright.engineer.batch.rules import Policy
from modelwright.engineer.batch.tables.door import Existing
from modelwright.errors import BriefError, nearest

PREFIX = "BATCH_"
"""Of an environment variable that is worth more than the file: ``BATCH_SOURCE``."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a job does; see `Recipe` and `Asked`.

    Parameters
    ----------
    source, table, query
        What is read.
    to, to_table, existing
        Where the answers go.
    key, columns, contract, coverage
        What is done with the rows; no columns are all, or the key alone into a table.
    jobs, rows
        Processes, and rows of a piece.
    """

    source: str
    to: str
    table: str = ""
    query: str = ""
    to_table: str = ""
    existing: Existing = "update"
    key: str = ""
    columns: tuple[str, ...] = ()
    contract: Policy = "quarantine"
    coverage: float | None = None
    jobs: int = 1
    rows: int = ROWS

    def recipe(self, bundle: Path) -> Recipe:
        """Return what is done with each piece."""
        return Recipe(
            bundle=bundle,
            coverage=self.coverage,
            policy=self.contract,
            key=self.key,
            columns=self.columns or None,
        )

    def asked(self) -> Asked:
        """Return from where to where."""
        return Asked(
            source=self.source,
            to=self.to,
            table=self.table or None,
            query=self.query or None,
            to_table=self.to_table,
            existing=self.existing,
            rows=self.rows,
        )


def read_settings(path: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings of a job.

    Parameters
    ----------
    path
        A file of TOML.
    environment
        `BATCH_SOURCE`, `BATCH_TO` and other keys of text are worth more than the file: a cluster
        gives addresses so.

    Raises
    ------
    BriefError
        When the file cannot be read, or a key is unknown or of another kind.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "job.toml")
    ...     _ = path.write_text('source = "rows.csv"\\nto = "answers.csv"\\n')
    ...     read_settings(path, {"BATCH_TO": "answers/"}).to
    'answers/'
    """
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BriefError(f"{path} cannot be read: {error}.", "Mend the file.") from error
    texts = ("source", "to", "table", "query", "to_table", "key", "contract", "existing")
    said |= {
        name: environment[key] for name in texts if (key := PREFIX + name.upper()) in environment
    }
    for name in said:
        if name not in Settings.__struct_fields__:
            remedy = nearest(name, Settings.__struct_fields__)
            raise BriefError(f"{path} has an unknown key {name!r}.", remedy)
    try:
        return msgspec.convert(said, Settings)
    except msgspec.ValidationError as error:
        raise BriefError(f"{path}: {error}.", "Mend the file.") from error
