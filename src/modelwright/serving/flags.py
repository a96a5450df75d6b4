"""What can be set on the command line, for `modelwright serve` and for the runtime alone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from modelwright.errors import InputError
from modelwright.serving.container import vertex_routes
from modelwright.serving.features.source import FEATURE_POLICIES, FeatureSource, parse_tables
from modelwright.serving.limits import USUAL_LIMITS
from modelwright.serving.settings import LEDGER_POLICIES, LOOPBACK, POLICIES, Settings
from modelwright.workspace.age import parse_age
from modelwright.workspace.ledger.address import LedgerAddress

TOKEN_VARIABLE = "MODELWRIGHT_TOKEN"
"""The environment variable with tokens, so that no list of processes shows them."""


USUAL_PORT = 8000


@dataclass(frozen=True)
class Flag:
    """An option of the command line.

    Parameters
    ----------
    name
        With its dashes.
    kind
        What its value is: int, float, str, Path, or bool for one without a value.
    default
        The value when it is not given.
    help
        A sentence.
    limit
        The field of `Limits` that it sets; empty where it sets one of `Settings`.
    choices
        The only values; none for any.
    several
        Whether it may be given several times.
    least, most
        The ends of a number's range.
    """

    name: str
    kind: type
    default: Any
    help: str
    limit: str = ""
    choices: tuple[str, ...] = ()
    several: bool = False
    least: int | float = 0
    most: int | None = None

    @property
    def field(self) -> str:
        """Its name in Python."""
        return self.name.removeprefix("--").replace("-", "_")


def _limit(name: str, limit: str, help_: str, least: int | float = 1) -> Flag:
    default = getattr(USUAL_LIMITS, limit)
    return Flag(name, type(default), default, help_, limit=limit, least=least)


FLAGS = (
    Flag("--host", str, LOOPBACK, "Address to listen on."),
    Flag("--port", int, USUAL_PORT, "0 for any free one.", most=65535),
    Flag("--workers", int, 1, "Processes that answer.", least=1),
    Flag("--certificate", Path, None, "A file in PEM, for TLS; read again on SIGHUP."),
    Flag("--key", Path, None, "The key of the certificate, in PEM."),
    Flag("--tokens", Path, None, f"A file with a token a line, beside {TOKEN_VARIABLE}."),
    Flag("--origin", str, (), "A web site whose pages may ask; again for more.", several=True),
    Flag(
        "--contract",
        str,
        "warn",
        "About values that the contract does not expect: a header, a refusal, nothing.",
        choices=POLICIES,
    ),
    Flag(
        "--when-ledger-fails",
        str,
        "answer",
        "About answers that cannot be logged: give and count them, or refuse with 503.",
        choices=LEDGER_POLICIES,
    ),
    Flag(
        "--sample-inputs",
        float,
        1.0,
        "The share of answers that are logged with their row, by their id.",
        most=1,
    ),
    Flag("--keep", str, None, "Forget what is older, such as 90d, every hour."),
    Flag("--drain", float, 0.0, "Seconds from SIGTERM, not ready, to the last new connection."),
    Flag("--log-requests", bool, False, "Write a line of JSON for each request to stderr."),
    Flag("--compiled", bool, False, "Without a kernel: compile the model by a C++ compiler."),
    Flag("--features-from", str, None, "A database to ask for features of related tables."),
    Flag(
        "--feature-table",
        str,
        (),
        "NAME=TABLE where a related table is called otherwise there; again for more.",
        several=True,
    ),
    Flag("--features-timeout", float, 2.0, "Seconds for that database to answer.", least=0.001),
    Flag(
        "--when-features-fail",
        str,
        "refuse",
        "While it fails: refuse rows that need it with 503, or be unready as well.",
        choices=FEATURE_POLICIES,
    ),
    _limit("--waiting", "waiting", "Requests that may wait; the others are told to come again."),
    _limit("--connections", "connections", "Connections that may be open."),
    _limit("--timeout", "seconds", "Seconds for a request to arrive, and to be answered.", 0.001),
    _limit("--max-body", "body_bytes", "Bytes of a body."),
    _limit("--max-upload", "upload_bytes", "Bytes of a file of rows."),
    _limit("--max-rows", "rows", "Rows of a request."),
    _limit("--max-depth", "depth", "How deep lists and objects may stand in each other."),
)


def settings_of(
    values: Mapping[str, Any],
    environment: Mapping[str, str],
    *,
    ledger_path: LedgerAddress | None = None,
) -> Settings:
    """Return settings from what the command line says.

    Parameters
    ----------
    values
        By the field of each flag.
    environment
        Where tokens may be, and the routes that a platform names.
    ledger_path
        Where answers are logged: a SQLite file or the address of a database.

    Raises
    ------
    InputError
        When they contradict each other, or the file of tokens cannot be read.
    ServiceError
        When the environment names routes that are none.

    Examples
    --------
    >>> given = {flag.field: flag.default for flag in FLAGS} | {"waiting": 8}
    >>> settings = settings_of(given, {"MODELWRIGHT_TOKEN": "one two"})
    >>> settings.limits.waiting, settings.tokens
    (8, ('one', 'two'))
    """
    limits = {flag.limit: values[flag.field] for flag in FLAGS if flag.limit}
    return Settings(
        host=values["host"],
        port=values["port"],
        workers=values["workers"],
        ledger_path=ledger_path,
        when_ledger_fails=values["when_ledger_fails"],
        sample_inputs=values["sample_inputs"],
        keep=None if values["keep"] is None else parse_age(values["keep"]),
        tokens=tokens_of(environment, values["tokens"]),
        certificate=values["certificate"],
        key=values["key"],
        limits=replace(USUAL_LIMITS, **limits),
        origins=tuple(values["origin"]),
        contract=values["contract"],
        drain_seconds=values["drain"],
        log_requests=values["log_requests"],
        compiled=values["compiled"],
        vertex=vertex_routes(environment),
        features=_features(values),
    )


def _features(values: Mapping[str, Any]) -> FeatureSource | None:
    tables = parse_tables(values["feature_table"])
    if values["features_from"] is None:
        if tables:
            raise InputError("No database is named for --feature-table.", "Add --features-from.")
        return None
    return FeatureSource(
        values["features_from"],
        tables=tables,
        seconds=values["features_timeout"],
        when_it_fails=values["when_features_fail"],
    )


def tokens_of(environment: Mapping[str, str], path: Path | None) -> tuple[str, ...]:
    """Return the tokens of the environment and of a file.

    Raises
    ------
    InputError
        When the file cannot be read, or holds none.

    Examples
    --------
    >>> tokens_of({"MODELWRIGHT_TOKEN": "one two"}, None)
    ('one', 'two')
    """
    return (*environment.get(TOKEN_VARIABLE, "").split(), *_tokens_in(path))


def _tokens_in(path: Path | None) -> list[str]:
    if path is None:
        return []
    try:
        lines = path.read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"The tokens in {path} cannot be read: {error}.", "Name a text file, a token a line."
        ) from error
    if not lines:
        raise InputError(f"There is no token in {path}.", "Write one a line, or leave --tokens.")
    return lines
