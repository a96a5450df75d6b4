"""The log of another system, into the ledger of a workspace."""

from dataclasses import replace

from modelwright.data.sources.open import open_source
from modelwright.deploy.rollout import champion_of
from modelwright.maintain.foreign_columns import LogColumns
from modelwright.maintain.foreign_log import Imported, import_log
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.bundle_folder import read_bundle
from modelwright.workspace.artifacts import find_folder
from modelwright.workspace.folder import Workspace
from modelwright.workspace.ledger import Ledger
from modelwright.workspace.ledger_address import ledger_of


def import_into(
    workspace: Workspace, log: object, *, columns: LogColumns, version: str = "", at: int
) -> Imported:
    """Write the rows of a log into the ledger of a workspace, as answers of one of its bundles.

    Parameters
    ----------
    workspace
        The folder.
    log
        A data frame or an address, with one row per answer.
    columns
        Which column holds what; without a label named, one of the target's name holds it.
    version
        The hash of the bundle that gave these answers, wherever it was served; the champion's when
        empty.
    at
        Now, in microseconds since 1970 in UTC.

    Raises
    ------
    WorkspaceError
        When there is no such bundle, or the ledger cannot be written.
    SchemaError, TargetError
        As `import_log` does.
    """
    table, bundle = open_source(log).read(), _bundle(workspace, version)
    target = bundle.facts.target
    if not columns.label and target in table.columns and target != columns.prediction:
        columns = replace(columns, label=target)
    with Ledger.open(ledger_of(workspace.path)) as ledger:
        return import_log(ledger, table, bundle, columns=columns, at=at)


def _bundle(workspace: Workspace, version: str) -> Bundle:
    return read_bundle(find_folder(workspace, version)) if version else champion_of(workspace)
