"""Where the served bundle comes from, and whether there is another one."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from modelwright.data.records import RecordReader
from modelwright.errors import BundleError, ModelwrightError
from modelwright.predictor.bundle import Bundle, read_bundle
from modelwright.predictor.compiled import compiled_bundle


class Supply:
    """Reads a bundle, and reads it again when it is asked to.

    Parameters
    ----------
    find
        Returns the folder of the bundle; in a workspace, of the champion.
    compiled
        Whether programs are compiled, or found compiled, before they answer.

    Attributes
    ----------
    folder
        What was read, or tried, last.
    bundle
        The last one that was sound.

    Raises
    ------
    BundleError
        When the first one is damaged.
    ServiceError
        When it was to be compiled and there is no compiler.
    """

    def __init__(self, find: Callable[[], Path], *, compiled: bool = False) -> None:
        self._find = find
        self._prepare = compiled_bundle if compiled else _as_it_is
        self.folder = find()
        self.bundle = self._prepare(read_bundle(self.folder))

    def names_another(self) -> bool:
        """Whether another folder is named than the one that was read, or tried, last."""
        try:
            return self._find() != self.folder
        except ModelwrightError:
            # Whoever is in the middle of writing the aliases will be done in a second.
            return False

    def renew(self) -> Bundle:
        """Read the bundle that is named now, and try it on its own recorded cases.

        Raises
        ------
        ModelwrightError
            When it is damaged, cannot be found or answers otherwise than recorded; then `bundle`
            is still the one before.
        """
        self.folder = self._find()
        bundle = read_bundle(self.folder)
        require_recorded_answers(bundle)
        self.bundle = self._prepare(bundle)
        return self.bundle


def _as_it_is(bundle: Bundle) -> Bundle:
    return bundle


def require_recorded_answers(bundle: Bundle) -> None:
    """Refuse a bundle that does not answer its own cases as recorded, bit for bit.

    Raises
    ------
    BundleError
        With the name of the case.
    """
    if not bundle.cases:
        return
    columns = RecordReader(bundle.schema)([case.record for case in bundle.cases])
    with np.errstate(over="ignore", invalid="ignore"):
        answers = bundle.program.run(columns)
    for case, answer in zip(bundle.cases, answers.tolist(), strict=True):
        if answer != list(case.expected):
            raise BundleError(
                f"The bundle answers the case {case.name!r} otherwise than recorded.",
                "Build it again, or serve it on the kind of machine it was built on.",
            )
