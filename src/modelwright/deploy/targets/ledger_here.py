"""What compose.yaml starts writes its ledger into a PostgreSQL, on this machine."""

import os
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import yaml

from modelwright._plugins import require
from modelwright.compute.process import BackgroundProcess, free_port, python
from modelwright.deploy.client import Client
from modelwright.deploy.targets.base import Validation
from modelwright.deploy.targets.batch_here import POSTGRESQL
from modelwright.deploy.targets.parts import BUNDLE, RUNTIME
from modelwright.deploy.targets.validators import not_named, verdict
from modelwright.errors import MissingDependencyError, ServiceError
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.bundle_folder import read_bundle

_NAME = "what it starts logs an answer in PostgreSQL"
_START_S = 60.0
_ID = "asked-by-a-check"
_ROW = "SELECT version, role FROM {schema}.predictions WHERE id = %s"


def logs_to_postgresql(folder: Path) -> Validation:
    """Start the server as compose.yaml does, ask it once, and find the row in the database.

    Only what stands for a place is another one: the addresses, the bundle's folder, and where the
    password and what waits are. The schema is one of its own, and gone afterwards.
    """
    address = os.environ.get(POSTGRESQL)
    if not address:
        return not_named(_NAME, "PostgreSQL server", POSTGRESQL)
    try:
        sql, psycopg = (require(each, extra="postgresql") for each in ("sqlalchemy", "psycopg"))
    except MissingDependencyError as error:
        return Validation(_NAME, None, f"not checked: {error}. Install: modelwright[postgresql]")
    bundle, schema = read_bundle(folder / BUNDLE), f"modelwright_check_{secrets.token_hex(6)}"
    with psycopg.connect(address, autocommit=True) as database:
        try:
            _ask_once(folder, bundle, sql.make_url(address), schema)
            found = database.execute(_ROW.format(schema=schema), (_ID,)).fetchall()
        except (ServiceError, psycopg.errors.UndefinedTable) as error:
            return Validation(_NAME, False, str(error))
        finally:
            database.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
    faults = [] if found == [(bundle.hash, "champion")] else [f"the ledger has {found}"]
    return verdict(_NAME, faults, f"one answer of {bundle.hash[:12]}, one row")


def _ask_once(folder: Path, bundle: Bundle, address: Any, schema: str) -> None:
    """Serve until one row is answered; whoever stops the server waits for its ledger."""
    model = yaml.safe_load((folder / "compose.yaml").read_text(encoding="utf-8"))["services"]
    port, record = free_port(), bundle.cases[0].record if bundle.cases else {}
    with tempfile.TemporaryDirectory() as place, Client(port) as client:
        (Path(place) / "password").write_text(address.password or "", encoding="utf-8")
        with BackgroundProcess(
            _command(folder, model["model"], port, _ledger(address, schema)),
            ready=client.is_ready,
            timeout_s=_START_S,
            # It ends when the ledger has the row, which takes longer on a busy machine.
            grace_s=_START_S,
            env=_environment(folder, model["model"], Path(place)),
        ):
            reply = client.post("/predict", {"rows": [record], "ids": [_ID]})
            if reply.status != 200:
                raise ServiceError(f"The server answered {reply.status}: {reply.body}")


def _ledger(address: Any, schema: str) -> str:
    # Without its password: an address that holds one is refused.
    parts = {part: getattr(address, part) for part in ("username", "host", "port", "database")}
    url = address.create("postgresql", **parts, query={**address.query, "schema": schema})
    return str(url.render_as_string())


def _command(folder: Path, model: Mapping[str, Any], port: int, ledger: str) -> list[str]:
    """Return the entry point of the image with the command of compose.yaml."""
    lines = (folder / "Dockerfile").read_text(encoding="utf-8").splitlines()
    (entry,) = (line.split(" ", 1)[1] for line in lines if line.startswith("ENTRYPOINT "))
    words = [*msgspec.json.decode(entry, type=list[str]), *model["command"]]
    words = python(*words[1:])
    here = {
        "/srv/bundle": str(folder / BUNDLE),
        _after("--host", words): "127.0.0.1",
        _after("--port", words): str(port),
        _after("--ledger", words): ledger,
    }
    return [here.get(word, word) for word in words]


def _after(option: str, words: list[str]) -> str:
    return words[words.index(option) + 1]


def _environment(folder: Path, model: Mapping[str, Any], place: Path) -> dict[str, str]:
    """Return what the server is told in its environment, with places of this machine."""
    here = {"/run/secrets/ledger_password": str(place / "password"), "/ledger": str(place)}
    told = {name: here.get(value, value) for name, value in model["environment"].items()}
    # What the host's environment would say is left empty.
    told |= {name: "" for name, value in told.items() if value.startswith("${")}
    return {
        **os.environ,
        **told,
        "PYTHONPATH": str((folder / RUNTIME).absolute()),
        # Whoever looks at the folder afterwards finds it as it was written.
        "PYTHONDONTWRITEBYTECODE": "1",
        "PGPASSWORD": "",
    }
