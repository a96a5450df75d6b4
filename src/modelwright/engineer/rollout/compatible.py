"""Two bundles as their clients see them, tried on what clients have sent."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from modelwright.engineer.champion import bundle_folder
from modelwright.predictor.bundle_folder import read_bundle
from modelwright.predictor.compatibility import Compatibility, compare_clients
from modelwright.workspace.ledger.address import LedgerAddress, standing_ledger
from modelwright.workspace.ledger.ledger import Ledger

_MOST = 10_000


def compare_bundles(old: Path, new: Path) -> Compatibility:
    """Say what clients of one bundle would notice of another one.

    Parameters
    ----------
    old
        A bundle, or a workspace, whose champion it is; then what it has logged is tried too.
    new
        A bundle or a workspace.

    Raises
    ------
    BundleError
        When there is no sound bundle.
    """
    before, after = read_bundle(bundle_folder(old)), read_bundle(bundle_folder(new))
    return compare_clients(before, after, requests=_logged(standing_ledger(old), before.hash))


def _logged(address: LedgerAddress | None, version: str) -> Iterator[dict[str, Any]]:
    """Yield what clients have sent, as it was logged."""
    if address is None:
        return
    with Ledger.open(address) as ledger:
        for row in islice(ledger.read_window(version=version), _MOST):
            if row.inputs is not None:
                yield row.inputs
