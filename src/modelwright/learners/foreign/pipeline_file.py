"""A file with a fitted pipeline: joblib and pickle, which are programs, and skops."""

import lzma
import zlib
from collections.abc import Sequence
from pathlib import Path
from pickle import UnpicklingError
from typing import Any
from zipfile import BadZipFile, ZipFile

from modelwright._plugins import require
from modelwright.errors import InputError, LearnerError
from modelwright.learners.foreign.base import MOST_BYTES, Foreign, first_line
from modelwright.learners.foreign.converted import converted
from modelwright.learners.foreign.pipeline import FittedPipeline, check_model
from modelwright.learners.foreign.strangers import refuse_strangers

PICKLES = (".joblib", ".pkl", ".pickle")
SKOPS = ".skops"
_FAULTS = (
    OSError, ValueError, EOFError, ImportError, AttributeError, LookupError, TypeError,
    RuntimeError, UnpicklingError, BadZipFile, zlib.error, lzma.LZMAError,
)  # fmt: skip
"""What reading a damaged file, or one of other versions, may end in."""
_MOST_NAMED = 5


def open_pipeline(
    path: Path, *, trusted: bool, columns: Sequence[str], labels: Sequence[str]
) -> Foreign:
    """Read a fitted pipeline: as a program where one says it, else as a graph of ONNX.

    Parameters
    ----------
    path
        A file of joblib, pickle or skops.
    trusted
        Whether code in it, or of libraries that skops does not know, may run.
    columns, labels
        See `FittedPipeline`.

    Raises
    ------
    InputError
        When it is no such file, or one that nobody has said to trust.
    LearnerError
        When it has no place in a program, and none in a graph.
    MissingDependencyError
        When skops is not installed.
    """
    read = _skops if path.suffix.lower() == SKOPS else _unpickled
    fitted = read(path, trusted=trusted)
    check_model(fitted, path.name)
    refuse_strangers(fitted)
    pipeline = FittedPipeline(fitted, columns, labels)
    _ = pipeline.frame
    try:
        _ = pipeline.needs
    except LearnerError as refusal:
        return converted(pipeline, refusal)
    return pipeline


def _unpickled(path: Path, *, trusted: bool) -> Any:
    if not trusted:
        raise InputError(
            f"{path.name} is a program: reading it runs whatever its maker wrote into it.",
            "Say --trust if you know who made it.",
        )
    import joblib

    try:
        return joblib.load(path)
    except _FAULTS as error:
        raise _unreadable(path, error) from error


def _skops(path: Path, *, trusted: bool) -> Any:
    skops = require("skops.io", extra="skops")
    try:
        with ZipFile(path) as parts:
            size = sum(each.file_size for each in parts.infolist())
        unknown = skops.get_untrusted_types(file=path) if size <= MOST_BYTES else []
    except _FAULTS as error:
        raise _unreadable(path, error) from error
    if size > MOST_BYTES:
        raise InputError(f"{path.name} unpacks to {size:,} bytes.", "No host would take it.")
    if unknown and not trusted:
        named = ", ".join(unknown[:_MOST_NAMED])
        raise InputError(
            f"{path.name} holds what skops does not know to be harmless: {named}.",
            "Say --trust if you know who made it.",
        )
    try:
        return skops.load(path, trusted=unknown)
    except _FAULTS as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> InputError:
    return InputError(
        f"{path.name} cannot be read here: {type(error).__name__}: {first_line(error)}.",
        "Install the versions of the libraries that it was written with.",
    )
