"""The data contract of the columns that the model reads."""

from pathlib import PurePosixPath

import polars as pl

from modelwright.data.contracts.rules import contract_from
from modelwright.data.odcs.writer import write_contract
from modelwright.data.schema import Schema
from modelwright.workspace.folder import Workspace

CONTRACT = "contract.yaml"


def make_contract(
    training: pl.DataFrame, schema: Schema, workspace: Workspace, *, address: str
) -> str:
    """Write the contract that the features of new rows shall keep.

    Parameters
    ----------
    training
        The prepared training rows, from which the rules are derived.
    schema
        All columns with their roles; only features are in the contract.
    workspace
        Where it is written.
    address
        Of the table, for its title.

    Returns
    -------
    str
        The name of the file in the workspace.
    """
    features = schema.select(tuple(column.name for column in schema.features))
    title = PurePosixPath(address.split("?")[0]).stem or "table"
    workspace.write_text(CONTRACT, write_contract(contract_from(training, features, title=title)))
    return CONTRACT
