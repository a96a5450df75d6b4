"""Rows sent to a real server, a day at a time, as live traffic would come."""

import http.client
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from modelwright.compute.process import BackgroundProcess, free_port, python
from modelwright.errors import ServiceError

_ROWS_PER_REQUEST = 250
_TIMEOUT_S = 60.0


@contextmanager
def running_server(workspace: Path) -> Iterator[int]:
    """Run `modelwright serve` on a free port and give the port."""
    port = free_port()
    serving = ["serve", "--workspace", str(workspace), "--port", str(port)]
    command = python("-m", "modelwright", *serving)
    with BackgroundProcess(command, ready=lambda: _is_ready(port), timeout_s=_TIMEOUT_S):
        yield port


def send(rows: pl.DataFrame, *, id_column: str, port: int) -> float:
    """Send rows in their order and return the mean seconds that a row took.

    Parameters
    ----------
    rows
        The model's columns, and ids.
    id_column
        The column of ids, under which labels will arrive.
    port
        Where the server listens on this machine.

    Raises
    ------
    ServiceError
        When an answer is not a success.
    """
    began = time.perf_counter()
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_S)) as connection:
        for part in rows.iter_slices(_ROWS_PER_REQUEST):
            ids = part[id_column].to_list()
            records = part.drop(id_column).to_dicts()
            _post(connection, {"rows": records, "ids": ids})
    return (time.perf_counter() - began) / len(rows)


def _post(connection: http.client.HTTPConnection, body: dict[str, Sequence[Any]]) -> None:
    connection.request("POST", "/predict", body=msgspec.json.encode(body))
    response = connection.getresponse()
    answer = response.read()
    if response.status != 200:
        raise ServiceError(f"The server answered {response.status}: {answer[:300]!r}")


def _is_ready(port: int) -> bool:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=2)) as connection:
        try:
            connection.request("GET", "/v2/health/ready")
            return connection.getresponse().status == 200
        except OSError:
            return False
