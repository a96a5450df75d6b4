"""Targets that are languages: the model as source that a client compiles or runs, and the proof."""

from pathlib import Path

from modelwright.deploy.targets.base import Delivery, Validation
from modelwright.deploy.targets.folder import FolderTarget, Part, Validator
from modelwright.deploy.targets.parts import BUNDLE, bundle
from modelwright.deploy.targets.validators import sound_bundle, whole
from modelwright.errors import InputError, ServiceError
from modelwright.predictor.bundle_folder import read_bundle
from modelwright.predictor.emitters.base import Emitter
from modelwright.predictor.emitters.parity import Parity, prove
from modelwright.predictor.emitters.registry import EMITTERS

_SAME = "it answers as the bundle does"


def form(emitter: Emitter) -> FolderTarget:
    """Return the target that writes what an emitter emits.

    Parameters
    ----------
    emitter
        Of a language.
    """
    return FolderTarget(
        name=emitter.name,
        sentence=f"The model as {emitter.title}, compared row by row.",
        parts=(bundle, _source(emitter)),
        validators=(whole, sound_bundle, _answers_the_same(emitter)),
    )


def _source(emitter: Emitter) -> Part:
    def written(delivery: Delivery) -> dict[str, bytes]:
        if refused := emitter.refusal(delivery.bundle):
            raise InputError(
                f"The model cannot be written as {emitter.title}. {refused}",
                "modelwright deploy --list-targets names the others.",
            )
        return dict(emitter.emit(delivery.bundle))

    return written


def _answers_the_same(emitter: Emitter) -> Validator:
    def compared(folder: Path) -> Validation:
        try:
            parity = prove(emitter, read_bundle(folder / BUNDLE))
        except ServiceError as error:
            return Validation(_SAME, False, str(error))
        if parity.absent:
            wanted = " and ".join(parity.absent)
            return Validation(_SAME, None, f"not checked. Install or set first: {wanted}")
        return Validation(_SAME, parity.proven, _evidence(parity))

    return compared


def _evidence(parity: Parity) -> str:
    furthest = "infinite" if parity.largest is None else f"{parity.largest:.2g}"
    return (
        f"{parity.rows:,} rows, real ones and extremes: {parity.differ} with another class, "
        f"largest difference of a value {furthest} (allowed: {parity.tolerance:g})"
    )


FORMS = {name: form(emitter) for name, emitter in EMITTERS.items()}
"""The target of each language, by name."""
