"""A file as a model that somebody else trained."""

from collections.abc import Sequence
from pathlib import Path

from msgspec import DecodeError

from modelwright.errors import InputError, LearnerError
from modelwright.learners.catboost import read_cbm
from modelwright.learners.foreign.base import MOST_BYTES, Foreign
from modelwright.learners.foreign.booster_file import BoosterFile
from modelwright.learners.foreign.boosters import (
    catboost_answer,
    lightgbm_answer,
    lightgbm_classes,
    lightgbm_names,
    xgboost_answer,
    xgboost_classes,
    xgboost_names,
)
from modelwright.learners.foreign.onnx.whole import open_onnx
from modelwright.learners.foreign.pipeline_file import PICKLES, SKOPS, open_pipeline
from modelwright.learners.keras.file import open_keras
from modelwright.learners.trees.catboost import read_model


def open_model(
    path: Path,
    *,
    trusted: bool = False,
    classes: Sequence[str] = (),
    columns: Sequence[str] = (),
) -> Foreign:
    """Read a model that was trained without modelwright.

    Parameters
    ----------
    path
        LightGBM's text format, XGBoost's JSON or UBJSON, CatBoost's `.cbm` or JSON, an `.onnx`
        file, a `.keras` file of Keras 3, or a joblib, pickle or skops file of scikit-learn,
        LightGBM, XGBoost or CatBoost.
    trusted
        Whether code in the file may run: joblib and pickle files are programs.
    classes
        A model's classes in the order in which it numbered them.
    columns
        The columns that a model reads, in its order, where it does not name them.

    Raises
    ------
    InputError
        When it is no such file, or one that nobody has said to trust.
    """
    if not path.is_file():
        raise InputError(f"There is no file {path}.", "Name the model's file.")
    if path.stat().st_size > MOST_BYTES:
        raise InputError(f"{path} is larger than {MOST_BYTES:,} bytes.", "No host would take it.")
    if path.suffix.lower() in (*PICKLES, SKOPS):
        return open_pipeline(path, trusted=trusted, columns=columns, labels=classes)
    if path.suffix.lower() == ".keras":
        return open_keras(path, columns=columns, classes=classes)
    if path.suffix.lower() == ".onnx":
        return open_onnx(path, columns=columns, classes=classes)
    if path.suffix.lower() == ".cbm":
        return _catboost(read_cbm(path), classes)
    return _booster(path, classes)


def _booster(path: Path, classes: Sequence[str]) -> Foreign:
    data = path.read_bytes()
    if data.startswith(b"tree\n"):
        return _lightgbm(data.decode(errors="replace"), classes)
    if b'"oblivious_trees"' in data:
        return _catboost(data, classes)
    if path.suffix.lower() in (".json", ".ubj", ".bin"):
        return _xgboost(path, classes)
    raise InputError(
        f"{path.name} is no model that modelwright can adopt.",
        "It reads LightGBM's text format, XGBoost's .json and .ubj, CatBoost's .cbm and .json, "
        ".onnx and .keras files, and .joblib, .pkl and .skops files of scikit-learn.",
    )


def _lightgbm(model: str, classes: Sequence[str]) -> Foreign:
    try:
        names, n_classes = lightgbm_names(model), lightgbm_classes(model)
    except ValueError as error:
        raise InputError(f"The file of LightGBM is damaged: {error}", "Save it again.") from error
    return BoosterFile(
        title="LightGBM",
        names=names,
        n_classes=n_classes,
        write=lambda draft, given: lightgbm_answer(draft, model, given),
        labels=classes,
    )


def _catboost(model: bytes, classes: Sequence[str]) -> Foreign:
    try:
        found = read_model(model)
    except (ValueError, DecodeError) as error:
        remedy = "Train it on numbers: encoded categories, by a OneHotEncoder, not cat_features."
        raise LearnerError(f"{error}", remedy) from error
    labels = [str(each) for each in found.labels]
    return BoosterFile(
        title="CatBoost",
        names=found.names if all(found.names) else (),
        n_classes=len(labels),
        write=lambda draft, given: catboost_answer(draft, model, given),
        labels=classes or labels,
    )


def _xgboost(path: Path, classes: Sequence[str]) -> Foreign:
    # Here, because only this needs the library, which takes half a second.
    import xgboost

    try:
        booster = xgboost.Booster(model_file=path)
    except xgboost.core.XGBoostError as error:
        reason = str(error).strip().splitlines()[-1]
        raise InputError(f"XGBoost cannot read {path.name}: {reason}", "Save it again.") from error
    model = bytes(booster.save_raw("json"))
    return BoosterFile(
        title="XGBoost",
        names=xgboost_names(model),
        n_classes=xgboost_classes(model),
        write=lambda draft, given: xgboost_answer(draft, model, given),
        labels=classes,
    )
