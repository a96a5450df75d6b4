"""The target ``mlflow``: a model that MLflow loads and serves."""

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from modelwright.compute.process import run_isolated
from modelwright.deploy.targets.base import Delivery, Validation
from modelwright.deploy.targets.folder import FolderTarget
from modelwright.deploy.targets.mlmodel import LOADER, mlmodel
from modelwright.deploy.targets.parts import BUNDLE, RUNTIME, SERVING, bundle, code, templates
from modelwright.deploy.targets.validators import run_program, sound_bundle, verdict, whole
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.bundle_folder import read_bundle

_TIMEOUT_S = 120.0
_SHOWN = 400
_ASK = f"""\
import json, sys
from {LOADER} import _load_pyfunc
rows, params = json.load(sys.stdin)
json.dump(_load_pyfunc({BUNDLE!r}).predict(rows, params).tolist(), sys.stdout)
"""
_UNREAD = (
    "data/checks",
    "data/odcs",
    "data/pieces",
    "data/sources",
    "predictor/emitters",
    "predictor/explanations",
)
_QUIET = {"PYTHONDONTWRITEBYTECODE": "1", "MLFLOW_DISABLE_TELEMETRY": "true"}
"""Whoever looks at the folder afterwards finds it as it was written, and nobody is told."""


def _reader(delivery: Delivery) -> dict[str, bytes]:
    """Return the code that the loader imports; a server stores and fetches each file by itself."""
    unread = tuple(f"{RUNTIME}/modelwright/{name}/" for name in _UNREAD)
    files = code(*(top for top in SERVING if top != "serving"))(delivery)
    return {name: data for name, data in files.items() if not name.startswith(unread)}


def _loads_here(folder: Path) -> Validation:
    """The loader finds modelwright in the folder only, and answers the recorded rows."""
    name = "its loader answers the recorded rows, bit for bit"
    bundle = read_bundle(folder / BUNDLE)
    params = {"answers": "probabilities"} if bundle.program.task.is_classification else {}
    places = [str(folder.absolute()), str((folder / RUNTIME).absolute())]
    done = run_isolated(
        ["-c", f"import os\nos.chdir({str(folder.absolute())!r})\n{_ASK}"],
        timeout_s=_TIMEOUT_S,
        env={**os.environ, **_QUIET, "PYTHONPATH": os.pathsep.join(places)},
        stdin=json.dumps([[case.record for case in bundle.cases], params]).encode(),
    )
    if done.exit_code:
        said = done.stderr.strip().splitlines() or ["it said nothing"]
        return Validation(name, False, said[-1][:_SHOWN])
    answers = json.loads(done.stdout)
    return verdict(name, _differing(bundle, answers), f"{len(answers)} rows by {LOADER}")


def _differing(bundle: Bundle, answers: list[list[float] | float]) -> list[str]:
    rows = [each if isinstance(each, list) else [each] for each in answers]
    return [
        f"the row {case.name!r} has another answer"
        for case, row in zip(bundle.cases, rows, strict=True)
        if row != list(case.expected)
    ]


def _mlflow_answers(folder: Path) -> Validation:
    """MLflow itself, where it is installed, reads `MLmodel` and answers the recorded rows."""
    name = "MLflow loads it and answers"
    records = [case.record for case in read_bundle(folder / BUNDLE).cases]
    with TemporaryDirectory() as place:
        asked = Path(place, "rows.json")
        asked.write_text(json.dumps({"dataframe_records": records or [{}]}), encoding="utf-8")
        words = ["models", "predict", "--model-uri", ".", "--env-manager", "local"]
        found = run_program(
            name,
            ["mlflow", *words, "--content-type", "json", "--input-path", str(asked)],
            folder,
            install="pip install mlflow",
            environment=_QUIET,
        )
    answered = f"{len(records):,} rows by mlflow models predict"
    return Validation(name, True, answered) if found.passed else found


TARGET = FolderTarget(
    name="mlflow",
    sentence="A model that `mlflow models serve` and `mlflow.pyfunc.load_model` load.",
    parts=(bundle, _reader, templates("mlflow"), mlmodel),
    validators=(whole, sound_bundle, _loads_here, _mlflow_answers),
)
