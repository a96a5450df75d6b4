"""The log of another system, into the ledger of a workspace."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np

from modelwright.data.sources.open import open_source
from modelwright.deploy.rollout import champion_of
from modelwright.documents import Brief, Release, write_document
from modelwright.engineer.question.brief_file import write_brief
from modelwright.errors import WorkspaceError
from modelwright.maintain.log.checked_log import check_log, times_of
from modelwright.maintain.log.foreign_columns import LogColumns
from modelwright.maintain.log.foreign_log import Imported, import_log
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.bundle_folder import read_any_bundle, write_bundle
from modelwright.workspace.aliases import Aliases, change_aliases
from modelwright.workspace.artifacts import draft_folder, find_folder, store_folder
from modelwright.workspace.folder import Workspace, is_workspace
from modelwright.workspace.ledger.address import ledger_of
from modelwright.workspace.ledger.ledger import Ledger, microseconds

_MOST_EARLY = 5_000


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
    columns = _with_label(columns, table.columns, bundle.facts.target)
    with Ledger.open(ledger_of(workspace.path)) as ledger:
        return import_log(ledger, table, bundle, columns=columns, at=at)


def begin_black_box(
    path: Path, log: object, *, columns: LogColumns, target: str, now: datetime
) -> Workspace:
    """Make a workspace for a model of which there is only a log, and return it.

    One that was made so before is returned as it is: an import that was killed goes on.

    Parameters
    ----------
    path
        Of a folder that holds no model yet.
    log
        A data frame or an address; its earlier half, 5,000 rows at most, says what is usual.
    columns
        Which column holds what.
    target
        What is predicted; a column of this name in the log holds labels.
    now
        When.

    Raises
    ------
    WorkspaceError
        When the workspace has another model already.
    SchemaError, TargetError
        As `stand_in_for` and `check_log` do, before the workspace is made.
    """
    # A contract is derived with SciPy, which no other command here waits for.
    from modelwright.explore.contract import CONTRACT
    from modelwright.maintain.log.black_box import FEWEST_ROWS, stand_in_for

    if (begun := _begun(path, target)) is not None:
        return begun
    table = open_source(log).read()
    columns = _with_label(columns, table.columns, target)
    order = np.argsort(times_of(table, columns), kind="stable")
    early = table[order[: min(_MOST_EARLY, max(len(table) // 2, FEWEST_ROWS))]]
    bundle = stand_in_for(early, columns, target=target, made_at=now)
    # A log that is refused leaves no workspace that would refuse the mended one.
    check_log(table, bundle, columns=columns, at=microseconds(now))
    workspace = Workspace.create(path)
    with workspace.lock():
        draft = draft_folder(workspace, bundle.name)
        digest = write_bundle(bundle, draft)
        store_folder(workspace, draft, bundle.name)
        # As `explore` does, for `check`, `checkup` and whoever reads it.
        workspace.write_text(CONTRACT, bundle.contract_text)
        write_brief(Brief(data=log if isinstance(log, str) else "log", target=target), workspace)
        release = Release(
            made_at=now.isoformat(),
            target=target,
            task=bundle.program.task,
            metric=bundle.facts.metric,
            released=True,
            gates=(),
            bundle_hash=digest,
        )
        change_aliases(workspace, lambda stand: stand.assign("champion", digest, at=now))
        # The last of all: whoever was killed before begins anew.
        write_document(release, workspace)
    return workspace


def _begun(path: Path, target: str) -> Workspace | None:
    """Return the workspace of a log that is watched already; None where there is no model yet."""
    if not is_workspace(path):
        return None
    workspace = Workspace.open(path)
    if not workspace.has(Release.file_name):
        return None
    facts = _bundle(workspace, "").facts
    if not facts.watched_only or facts.target != target:
        raise WorkspaceError(
            f"{path} has a model already, of {facts.target!r:.80}.",
            "Leave --black-box out, or name another workspace.",
        )
    return workspace


def _with_label(columns: LogColumns, names: Sequence[str], target: str) -> LogColumns:
    if not columns.label and target in names and target != columns.prediction:
        return replace(columns, label=target)
    return columns


def _bundle(workspace: Workspace, version: str) -> Bundle:
    chosen = version or Aliases.read(workspace).bundle("champion")
    return read_any_bundle(find_folder(workspace, chosen)) if chosen else champion_of(workspace)
