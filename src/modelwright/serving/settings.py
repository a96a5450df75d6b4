"""How a server is reached, by whom, and how it is run."""

import re
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Literal, TypeAlias

from modelwright.errors import InputError
from modelwright.serving.container import VertexRoutes
from modelwright.serving.features.source import FeatureSource
from modelwright.serving.limits import USUAL_LIMITS, Limits
from modelwright.workspace.ledger.address import LedgerAddress

Policy: TypeAlias = Literal["ignore", "warn", "refuse"]
"""What is done about a value that the contract does not expect."""

POLICIES: tuple[Policy, ...] = ("ignore", "warn", "refuse")

LedgerPolicy: TypeAlias = Literal["answer", "refuse"]
"""What is done with an answer that cannot be logged: it is lost for the ledger, or refused."""

LEDGER_POLICIES: tuple[LedgerPolicy, ...] = ("answer", "refuse")

LOOPBACK = "127.0.0.1"


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address.

    Examples
    --------
    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


_ORIGIN = re.compile(
    r"\*|https?://[A-Za-z0-9.\[\]-]+(:[0-9]+)?|https?://\[[0-9A-Fa-f:]+\](:[0-9]+)?"
)


@dataclass(frozen=True)
class Settings:
    """How a server is reached, by whom, and how it is run.

    Parameters
    ----------
    host
        The address to listen on; other machines reach it only when it is not the loopback.
    port
        0 for any free one.
    workers
        Processes that answer.
    ledger_path
        Where answers are logged: a SQLite file or the address of a database; None to log nothing.
    when_ledger_fails
        What is done with answers that cannot be logged.
    sample_inputs
        The share of answers that are logged with their row.
    keep
        How old an answer in the ledger may become; None for any age.
    tokens
        Of which clients send one as a Bearer; none lets everybody in who can reach the server.
    certificate, key
        Files for TLS in PEM; None for no TLS.
    limits
        How much one request may ask for, and all of them together.
    origins
        The web sites whose pages may ask, such as ``https://shop.example``.
    contract
        What is done about values that the bundle's contract does not expect.
    drain_seconds
        How long requests are still accepted after the server has told that it is about to end.
    log_requests
        Whether every request gets a line in the log.
    compiled
        Whether the program is compiled before it answers.
    vertex
        Where Vertex AI asks; None elsewhere.
    features
        Which database makes the features of related tables; None where clients do.

    Raises
    ------
    InputError
        When they contradict each other.

    Examples
    --------
    >>> Settings(key=Path("key.pem"))
    Traceback (most recent call last):
    ...
    modelwright.errors.InputError: A key without a certificate encrypts nothing. Name both.
    """

    host: str = LOOPBACK
    port: int = 8000
    workers: int = 1
    ledger_path: LedgerAddress | None = None
    when_ledger_fails: LedgerPolicy = "answer"
    sample_inputs: float = 1.0
    keep: timedelta | None = None
    tokens: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None
    limits: Limits = USUAL_LIMITS
    origins: tuple[str, ...] = ()
    contract: Policy = "warn"
    drain_seconds: float = 0.0
    log_requests: bool = False
    compiled: bool = False
    vertex: VertexRoutes | None = None
    features: FeatureSource | None = None

    def __post_init__(self) -> None:
        if self.key is not None and self.certificate is None:
            raise InputError("A key without a certificate encrypts nothing.", "Name both.")
        for origin in self.origins:
            if not _ORIGIN.fullmatch(origin):
                raise InputError(
                    f"{origin!r} is no origin.", "Write it like https://shop.example, or *."
                )
        if self.workers < 1:
            raise InputError(f"{self.workers} workers answer nothing.", "Start at least one.")
