"""A tracking server that MLflow's client speaks to; the one module that imports `mlflow`."""

import json
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from modelwright._plugins import require
from modelwright.engineer.tracking.story import Dataset, Measured, Run
from modelwright.errors import ServiceError

_QUIET = {
    # Nobody else is told that modelwright was used.
    "MLFLOW_DISABLE_TELEMETRY": "true",
    # A result on standard output stays one.
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    # A server that is away is said within seconds, not minutes.
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
}
_LONGEST_PARAM, _LONGEST_TAG, _LONGEST_DIGEST = 500, 5000, 36
_BATCH = 100
_MODEL = "model"
_PAGE = 200
_TYPES = {"numeric": "double", "boolean": "boolean", "datetime": "datetime"}


class MlflowServer:
    """A tracking server with one experiment and one registered model; made by `connect`.

    Parameters
    ----------
    client
        MLflow's.
    experiment_id
        Of the experiment.
    model
        The registered model's name.
    address
        For messages.
    """

    def __init__(self, client: Any, experiment_id: str, *, model: str, address: str) -> None:
        self._client = client
        self._experiment = experiment_id
        self._model = model
        self._address = address

    def find_run(self, tag: str, value: str) -> str | None:
        """Return the id of the finished run that has a tag, or None."""
        wanted = f"tags.`{tag}` = '{value}' and attributes.status = 'FINISHED'"
        with _asking(self._address):
            found = self._client.search_runs([self._experiment], wanted, max_results=1)
        return found[0].info.run_id if found else None

    def write_run(self, run: Run, files: Mapping[str, bytes]) -> str:
        """Write a run with its trials and files by their paths, finish it, and return its id."""
        with _asking(self._address):
            run_id = self._begin(run, parent="")
            for trial in run.trials:
                self._end(self._begin(trial, parent=run_id), trial)
            self._upload(run_id, files)
            self._end(run_id, run)
        return run_id

    def tag_run(self, run_id: str, tag: str, value: str) -> None:
        """Set a tag of a run."""
        with _asking(self._address):
            self._client.set_tag(run_id, tag, value[:_LONGEST_TAG])

    def run_tag(self, run_id: str, tag: str) -> str:
        """Return a tag of a run; empty where it has none."""
        with _asking(self._address):
            return str(self._client.get_run(run_id).data.tags.get(tag, ""))

    def measure(self, run_id: str, measured: Measured) -> None:
        """Add metrics of a later moment to a run."""
        from mlflow.entities import Metric

        at = measured.at_ms
        # The moment is the step too: a picture of judgements is one over time.
        metrics = [Metric(name, each, at, at // 1000) for name, each in measured.metrics.items()]
        with _asking(self._address):
            self._client.log_batch(run_id, metrics=metrics)

    def find_version(self, tag: str, value: str) -> str | None:
        """Return the version of the registered model that has a tag, or None."""
        with _asking(self._address):
            return next(
                (each.version for each in self._versions() if each.tags.get(tag) == value), None
            )

    def register(self, run_id: str, model: Path, tags: Mapping[str, str], about: str) -> str:
        """Put a model's folder into a run, and return the new version of the registered model."""
        with _asking(self._address):
            self._client.log_artifacts(run_id, str(model), _MODEL)
            place = self._client.get_run(run_id).info.artifact_uri
            version = self._client.create_model_version(
                self._model,
                f"{place}/{_MODEL}",
                run_id=run_id,
                tags=dict(tags),
                description=about,
            )
        return str(version.version)

    def tag_version(self, version: str, tag: str, value: str) -> None:
        """Set a tag of a version."""
        with _asking(self._address):
            self._client.set_model_version_tag(self._model, version, tag, value[:_LONGEST_TAG])

    def named(self, alias: str) -> str | None:
        """Return the version that an alias names, or None."""
        with _asking(self._address):
            aliases = self._client.get_registered_model(self._model).aliases
        return str(aliases[alias]) if alias in aliases else None

    def name(self, alias: str, version: str | None) -> None:
        """Let an alias name a version, or none any more."""
        with _asking(self._address):
            if version is None:
                self._client.delete_registered_model_alias(self._model, alias)
            else:
                self._client.set_registered_model_alias(self._model, alias, version)

    def _begin(self, run: Run, *, parent: str) -> str:
        from mlflow.entities import Metric, Param

        tags = {**run.tags, **({"mlflow.parentRunId": parent} if parent else {})}
        made = self._client.create_run(
            self._experiment,
            start_time=run.ended_ms - int(run.seconds * 1000),
            tags={name: each[:_LONGEST_TAG] for name, each in tags.items()},
            run_name=run.name,
        )
        run_id = str(made.info.run_id)
        params = [Param(name, each[:_LONGEST_PARAM]) for name, each in run.params.items()]
        metrics = [Metric(name, each, run.ended_ms, 0) for name, each in run.metrics.items()]
        for at in range(0, max(len(params), len(metrics)), _BATCH):
            part = slice(at, at + _BATCH)
            self._client.log_batch(run_id, metrics=metrics[part], params=params[part])
        if run.datasets:
            self._client.log_inputs(run_id, [_input(each) for each in run.datasets])
        return run_id

    def _end(self, run_id: str, run: Run) -> None:
        status = "FAILED" if run.failed else "FINISHED"
        self._client.set_terminated(run_id, status, run.ended_ms)

    def _upload(self, run_id: str, files: Mapping[str, bytes]) -> None:
        if not files:
            return
        with TemporaryDirectory() as place:
            for name, data in files.items():
                path = Path(place, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            self._client.log_artifacts(run_id, place)

    def _versions(self) -> Iterator[Any]:
        token: str | None = None
        while True:
            page = self._client.search_model_versions(
                f"name='{self._model}'", max_results=_PAGE, page_token=token
            )
            yield from page
            token = page.token
            if not token:
                return


def connect(address: str, *, experiment: str, model: str) -> MlflowServer:
    """Return the server of an address, with an experiment and a registered model.

    Parameters
    ----------
    address
        Whatever MLflow takes, such as ``"http://127.0.0.1:5000"``. Who asks stands in MLflow's own
        environment variables, such as ``MLFLOW_TRACKING_TOKEN``.
    experiment, model
        What they are called; each is made when it is missing.

    Raises
    ------
    MissingDependencyError
        When MLflow is not installed.
    ServiceError
        When the server cannot be reached.
    """
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    require("mlflow", extra="mlflow")
    logging.getLogger("mlflow").setLevel(logging.ERROR)
    from mlflow import MlflowClient

    with _asking(address):
        client = MlflowClient(tracking_uri=address, registry_uri=None)
        return MlflowServer(
            client, _experiment(client, experiment), model=_model(client, model), address=address
        )


def _experiment(client: Any, name: str) -> str:
    found = client.get_experiment_by_name(name)
    if found is None:
        return str(client.create_experiment(name))
    if found.lifecycle_stage == "deleted":
        client.restore_experiment(found.experiment_id)
    return str(found.experiment_id)


def _model(client: Any, name: str) -> str:
    from mlflow.exceptions import MlflowException

    try:
        client.get_registered_model(name)
    except MlflowException as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
        client.create_registered_model(name)
    return name


def _input(dataset: Dataset) -> Any:
    from mlflow.entities import Dataset as Entity
    from mlflow.entities import DatasetInput, InputTag

    scheme, separator, _ = dataset.address.partition("://")
    columns = [
        {"name": name, "type": _TYPES.get(kind, "string"), "required": False}
        for name, kind in dataset.columns.items()
    ]
    size = {"num_rows": dataset.rows, "num_elements": dataset.rows * len(dataset.columns)}
    entity = Entity(
        name=dataset.name,
        digest=dataset.digest[:_LONGEST_DIGEST],
        source_type=scheme if separator else "local",
        source=json.dumps({"uri": dataset.address}),
        schema=json.dumps({"mlflow_colspec": columns}),
        profile=json.dumps(size),
    )
    return DatasetInput(entity, [InputTag("mlflow.data.context", dataset.context)])


@contextmanager
def _asking(address: str) -> Iterator[None]:
    """Say in a sentence what a server did not do."""
    from mlflow.exceptions import MlflowException

    try:
        yield
    except (MlflowException, OSError) as error:
        said = str(error).strip().splitlines() or ["it said nothing"]
        raise ServiceError(
            f"The tracking server {address} did not take it: {said[0][:300]}",
            "Check the address and whether it runs, then run: modelwright track",
        ) from error
