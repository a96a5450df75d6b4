"""What Prometheus reads."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import Response

from modelwright.workspace.ledger_writer import LedgerWriter

_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)


class Metrics:
    """The counts of one app, in a registry of its own.

    Parameters
    ----------
    name, version
        Of the model.
    ledger_writer
        Whose losses are shown, when there is one.
    """

    def __init__(self, name: str, version: str, ledger_writer: LedgerWriter | None) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "modelwright_requests",
            "Requests by endpoint and status.",
            ["endpoint", "status"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "modelwright_request_seconds",
            "Time from the first byte of a request to the last of its answer.",
            ["endpoint"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._rows = Counter("modelwright_predictions", "Rows answered.", registry=self._registry)
        Gauge(
            "modelwright_model_info",
            "The model that answers.",
            ["name", "version"],
            registry=self._registry,
        ).labels(name, version).set(1)
        if ledger_writer is not None:
            Gauge(
                "modelwright_ledger_dropped_predictions",
                "Answers that could not be logged.",
                registry=self._registry,
            ).set_function(lambda: ledger_writer.dropped)

    def count_request(self, endpoint: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        self._requests.labels(endpoint, str(status)).inc()
        self._seconds.labels(endpoint).observe(seconds)

    def count_rows(self, rows: int) -> None:
        """Count rows that were answered."""
        self._rows.inc(rows)

    def response(self) -> Response:
        """Answer Prometheus in its text format."""
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)
