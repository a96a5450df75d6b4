"""How a server is reached, by whom, and how it is run."""

from dataclasses import dataclass
from pathlib import Path

from modelwright.errors import InputError
from modelwright.serving.limits import USUAL_LIMITS, Limits

LOOPBACK = "127.0.0.1"


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
        The SQLite file where answers are logged; None to log nothing.
    tokens
        Of which clients send one as a Bearer; none lets everybody in who can reach the server.
    certificate, key
        Files for TLS in PEM; None for no TLS.
    limits
        How much one request may ask for, and all of them together.
    drain_seconds
        How long requests are still accepted after the server has told that it is about to end.
    log_requests
        Whether every request gets a line in the log.
    compiled
        Whether the program is compiled before it answers.

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
    ledger_path: Path | None = None
    tokens: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None
    limits: Limits = USUAL_LIMITS
    drain_seconds: float = 0.0
    log_requests: bool = False
    compiled: bool = False

    def __post_init__(self) -> None:
        if self.key is not None and self.certificate is None:
            raise InputError("A key without a certificate encrypts nothing.", "Name both.")
        if self.workers < 1:
            raise InputError(f"{self.workers} workers answer nothing.", "Start at least one.")
