"""The proof that a form answers as the interpreter does."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

from modelwright.predictor.bundle import Bundle
from modelwright.predictor.emitters.adversarial import adversarial_records
from modelwright.predictor.emitters.base import Emitter
from modelwright.predictor.emitters.replay import Replayed, absent, replay, write_files
from modelwright.predictor.emitters.rows_file import Record, rows_file

ROWS = 10_000
"""Compared, unless somebody asks for another number."""


class Parity(msgspec.Struct, frozen=True, kw_only=True):
    """What comparing a form found.

    Parameters
    ----------
    form
        The emitter's name.
    rows, differ
        Rows compared, and how many have another class.
    largest
        Difference between two values, relative above 1 and absolute below; None where it is
        infinite.
    tolerance
        What it may be.
    refused
        Why the program cannot be written so; empty when it can.
    absent
        What the comparison needs and this machine lacks.
    """

    form: str
    rows: int = 0
    differ: int = 0
    largest: float | None = 0.0
    tolerance: float = 0.0
    refused: str = ""
    absent: tuple[str, ...] = ()

    @property
    def proven(self) -> bool:
        """Whether rows were compared and all agree."""
        near = self.largest is not None and self.largest <= self.tolerance
        return self.rows > 0 and self.differ == 0 and near


def prove(
    emitter: Emitter,
    bundle: Bundle,
    *,
    rows: int = ROWS,
    seed: int = 0,
    real: Sequence[Record] = (),
) -> Parity:
    """Write a form, build it, and compare its answers with the interpreter's.

    Parameters
    ----------
    emitter
        Of the form.
    bundle
        What is written; the same is answered by the interpreter.
    rows
        Compared: the bundle's recorded ones, and such with columns put to an extreme.
    seed
        The same seed gives the same rows.
    real
        More real rows, as clients send them.

    Raises
    ------
    ServiceError
        When the form cannot be built, or its test program fails.
    """
    if refused := emitter.refusal(bundle):
        return Parity(form=emitter.name, refused=refused)
    if missing := absent(emitter.tools):
        return Parity(form=emitter.name, absent=tuple(missing))
    records = adversarial_records(bundle, count=rows, seed=seed, real=real)
    compared = rows_file(bundle, records)
    with tempfile.TemporaryDirectory() as scratch:
        here = Path(scratch)
        write_files(emitter.emit(bundle), here)
        return _parity(emitter, replay(emitter, here, compared))


def _parity(emitter: Emitter, found: Replayed) -> Parity:
    return Parity(
        form=emitter.name,
        rows=found.rows,
        differ=found.differ,
        largest=found.largest if isinstance(found.largest, float | int) else None,
        tolerance=emitter.tolerance,
    )
