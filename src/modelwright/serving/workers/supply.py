"""Where the served bundles come from, and whether there are others."""

from collections.abc import Callable

import numpy as np

from modelwright.data.records import RecordReader
from modelwright.errors import BundleError, ModelwrightError
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.bundle_folder import read_bundle
from modelwright.predictor.compiled import compiled_where_sooner
from modelwright.predictor.kernel.tables import keep_together
from modelwright.serving.trials.lineup import Lineup, Rival


class Supply:
    """Reads bundles, and reads them again when it is asked to.

    Parameters
    ----------
    find
        Returns where the bundles are; in a workspace, those of champion and challenger.
    compiled
        Whether programs are compiled, or found compiled, before they answer.

    Attributes
    ----------
    lineup
        What was read, or tried, last.
    bundle
        The last champion that was sound.
    rival
        The challenger; None where there is none, or it is not sound.
    rival_fault
        Why the challenger that is named does not answer; empty when it does, or none is.

    Raises
    ------
    BundleError
        When the first one is damaged.
    ServiceError
        When it was to be compiled and there is no compiler.
    """

    def __init__(self, find: Callable[[], Lineup], *, compiled: bool = False) -> None:
        keep_together()
        self._find = find
        self._prepare = compiled_where_sooner if compiled else _as_it_is
        self.rival_fault = ""
        self.lineup = find()
        self.bundle = self._prepare(read_bundle(self.lineup.champion))
        self.rival = self._read_rival(self.lineup)

    def names_another(self) -> bool:
        """Whether others are named than those that were read, or tried, last."""
        try:
            return self._find() != self.lineup
        except ModelwrightError:
            # Whoever is in the middle of writing the aliases will be done in a second.
            return False

    def renew(self) -> Bundle:
        """Read the bundles that are named now, and try them on their own recorded cases.

        A challenger that is not sound is left out, and `rival_fault` says why.

        Raises
        ------
        ModelwrightError
            When the champion is damaged, cannot be found or answers otherwise than recorded; then
            `bundle` is still the one before.
        """
        self.lineup = lineup = self._find()
        self.rival = None
        bundle = read_bundle(lineup.champion)
        require_recorded_answers(bundle)
        self.bundle = self._prepare(bundle)
        self.rival = self._read_rival(lineup)
        return self.bundle

    def _read_rival(self, lineup: Lineup) -> Rival | None:
        self.rival_fault = ""
        if lineup.challenger is None or lineup.trial is None:
            return None
        try:
            bundle = read_bundle(lineup.challenger)
            require_recorded_answers(bundle)
            require_same_answers(self.bundle, bundle)
            if lineup.trial.role == "canary":
                bundle = self._prepare(bundle)
        except ModelwrightError as error:
            # Whatever is wrong with a challenger must not stop the champion.
            self.rival_fault = str(error)
            return None
        return Rival(bundle=bundle, trial=lineup.trial, folder=lineup.challenger)


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


def require_same_answers(champion: Bundle, challenger: Bundle) -> None:
    """Refuse a challenger whose answers cannot be compared with the champion's.

    Raises
    ------
    BundleError
        When it answers another question, or with other classes.
    """
    if champion.facts.target != challenger.facts.target:
        raise BundleError(
            f"The champion answers {champion.facts.target!r}, the bundle "
            f"{challenger.facts.target!r}.",
            "Name a bundle that answers the same question.",
        )
    was, becomes = champion.program.task, challenger.program.task
    if (was.kind, was.classes) != (becomes.kind, becomes.classes):
        raise BundleError(
            f"The champion is a {was.kind} with the classes {list(was.classes)}, the bundle a "
            f"{becomes.kind} with {list(becomes.classes)}.",
            "Their answers cannot be compared; release it as a model of its own.",
        )
