"""The acceptance tests, one by one: each asks a running server and returns a gate."""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np

from modelwright.data.records import columns_from_records
from modelwright.data.schema import Kind
from modelwright.deploy.client import Client, Reply
from modelwright.documents import Gate
from modelwright.predictor.bundle import Bundle, Case
from modelwright.predictor.labels import label_text
from modelwright.serving.limits import USUAL_LIMITS
from modelwright.tasks.figures import figure

Probe = Callable[[Client, Bundle], Gate]

_BATCH = 20
"""Recorded rows in one request: two thousand columns still fit into a body."""
_LATENCY_ROWS = 50
_FACTORS = (1000.0, 0.001)
_LARGE = 1e300
_STRANGE = "\u2205 no such thing"


def recorded_answers(client: Client, bundle: Bundle) -> Gate:
    """The server gives every recorded answer, bit for bit."""
    faults = []
    for cases in _batches(bundle.cases):
        reply = client.post("/predict", {"rows": [case.record for case in cases]})
        answered = reply.body.get("predictions", [None] * len(cases))
        for case, prediction in zip(cases, answered, strict=True):
            if prediction is None or not _fits(prediction, case.expected, bundle):
                faults.append(f"{case.name}: {list(case.expected)} recorded, {_said(reply)}")
    return _gate(
        "recorded rows get their recorded answers",
        faults,
        f"{len(bundle.cases)} rows through JSON and back, bit for bit",
    )


def single_rows(client: Client, bundle: Bundle) -> Gate:
    """A row alone gets the answer that it gets in a batch."""
    faults = []
    for case in bundle.cases:
        reply = client.post("/predict", case.record)
        if not _gives(reply, case.expected, bundle):
            faults.append(f"{case.name}: {list(case.expected)} in a batch, {_said(reply)} alone")
    return _gate(
        "a row alone is answered as in a batch", faults, f"{len(bundle.cases)} rows, bit for bit"
    )


def inference_protocol(client: Client, bundle: Bundle) -> Gate:
    """The Open Inference Protocol describes the model and gives the same answers."""
    path = f"/v2/models/{bundle.name}"
    metadata = client.get(path)
    names = [tensor["name"] for tensor in metadata.body.get("inputs", [])]
    faults = [] if names == list(bundle.schema.names) else [f"its inputs are {_said(metadata)}"]
    for case in bundle.cases:
        reply = client.post(f"{path}/infer", {"inputs": _tensors(case, bundle)})
        outputs = reply.body.get("outputs") or [{"data": None}]
        if outputs[-1]["data"] != list(case.expected):
            faults.append(f"{case.name}: {list(case.expected)} recorded, {_said(reply)}")
    return _gate(
        "the inference protocol gives the same answers",
        faults,
        f"metadata, and {len(bundle.cases)} rows as tensors, bit for bit",
    )


def strange_rows(client: Client, bundle: Bundle) -> Gate:
    """Missing fields, nulls and levels never seen are answered as by the program itself.

    To what the program has no answer the server says so.
    """
    rows = list(_strange_rows(bundle))
    answers = bundle.program.run(columns_from_records(rows, bundle.schema))
    without = bundle.program.unanswered(answers)
    faults = []
    for row, expected, has_none in zip(rows, answers.tolist(), without, strict=True):
        reply = client.post("/predict", row)
        if not (_refuses(reply) if has_none else _gives(reply, expected, bundle)):
            faults.append(f"{row!r:.100}: {_said(reply)}")
    count = int(without.sum())
    told = f"; the model has no answer to {count} of them, which is said" * bool(count)
    return _gate(
        "missing fields and unknown levels are answered", faults, f"{len(rows)} strange rows{told}"
    )


def other_units(client: Client, bundle: Bundle) -> Gate:
    """A number in another unit is answered as by the program; how far it moves answers is told."""
    rows = list(_in_other_units(bundle))
    faults, moved = [], []
    for name, factor, row, before in rows:
        (expected,) = bundle.program.run(columns_from_records([row], bundle.schema)).tolist()
        if not np.isfinite(expected).all():
            continue  # the server has no number for it, and says so
        reply = client.post("/predict", row)
        if not _gives(reply, expected, bundle):
            faults.append(f"{name} times {factor:g}: {_said(reply)}")
        moved.append((abs(expected[-1] - before[-1]), name, factor, before[-1], expected[-1]))
    _, column, by, old, new = max(moved, default=(0.0, "", 1.0, 0.0, 0.0))
    most = (
        f"; most moves {column} times {by:g}, from {figure(old)} to {figure(new)}" if column else ""
    )
    return _gate("a number in another unit is answered", faults, f"{len(rows)} such rows{most}")


def wrong_requests(client: Client, bundle: Bundle) -> Gate:
    """Every wrong request gets its status and one sentence, and the server lives on."""
    wrong = _wrong_requests(bundle)
    faults = []
    for what, content, status in wrong:
        reply = client.post("/predict", content)
        if reply.status != status or list(reply.body) != ["error"]:
            faults.append(f"{what}: {status} expected, {_said(reply)}")
    for path in ("/predict", "/no-such-path", "/v2/models/no-such-model"):
        reply = client.get(path)
        if reply.status not in (404, 405) or list(reply.body) != ["error"]:
            faults.append(f"GET {path}: {_said(reply)}")
    if not client.is_ready():
        faults.append("afterwards the server is not ready")
    refused = ", ".join(what for what, _, _ in wrong)
    return _gate("wrong requests are refused with a sentence", faults, refused)


def measure_latency(client: Client, bundle: Bundle) -> float:
    """Return the median seconds of a request with one row, over one connection."""
    records = [case.record for case in bundle.cases] or [{}]
    times = []
    for number in range(_LATENCY_ROWS):
        started = time.perf_counter()
        client.post("/predict", records[number % len(records)])
        times.append(time.perf_counter() - started)
    return statistics.median(times)


PROBES: tuple[Probe, ...] = (
    recorded_answers,
    single_rows,
    inference_protocol,
    strange_rows,
    other_units,
    wrong_requests,
)


def _gate(name: str, faults: Sequence[str], evidence: str) -> Gate:
    if not faults:
        return Gate(name=name, passed=True, evidence=evidence)
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return Gate(name=name, passed=False, evidence=f"{faults[0]}{more}")


def _fits(prediction: dict[str, Any], expected: Sequence[float], bundle: Bundle) -> bool:
    """Say whether a prediction has exactly the expected numbers, and the class they stand for."""
    program = bundle.program
    if not program.task.is_classification:
        return [prediction.get("answer")] == list(expected)
    probabilities = [label_text(label) for label in program.task.classes]
    (label,) = program.decide(np.array([expected]))
    return (
        prediction.get("probabilities") == dict(zip(probabilities, expected, strict=True))
        and prediction.get("answer") == label
    )


def _gives(reply: Reply, expected: Sequence[float], bundle: Bundle) -> bool:
    return all(_fits(each, expected, bundle) for each in reply.body.get("predictions") or [{}])


def _refuses(reply: Reply) -> bool:
    return 400 <= reply.status < 500 and list(reply.body) == ["error"]


def _said(reply: Reply) -> str:
    return f"the server answered {reply.status} {str(reply.body)[:200]}"


def _batches(cases: Sequence[Case]) -> Iterator[list[Case]]:
    remaining = iter(cases)
    while batch := list(islice(remaining, _BATCH)):
        yield batch


def _tensors(case: Case, bundle: Bundle) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "shape": [1],
            "datatype": _datatype(case.record.get(name)),
            "data": [case.record.get(name)],
        }
        for name in bundle.schema.names
    ]


def _datatype(value: object) -> str:
    if isinstance(value, bool):
        return "BOOL"
    return "FP64" if isinstance(value, int | float) else "BYTES"


def _strange_rows(bundle: Bundle) -> Iterator[dict[str, Any]]:
    schema = bundle.schema
    yield {}
    yield dict.fromkeys(schema.names)
    texts = [column.name for column in schema if column.value_type == "string"]
    yield dict.fromkeys(texts, _STRANGE)
    yield dict.fromkeys(texts, "")
    # Each field alone missing from a whole row.
    whole = bundle.cases[0].record if bundle.cases else {}
    for name in list(whole)[:_BATCH]:
        yield {other: value for other, value in whole.items() if other != name}


def _in_other_units(
    bundle: Bundle,
) -> Iterator[tuple[str, float, dict[str, Any], tuple[float, ...]]]:
    """Yield a recorded row with one number in thousandths, or in thousands, of its unit."""
    if not bundle.cases:
        return
    whole = bundle.cases[0]
    known = {column.name for column in bundle.schema if column.kind == Kind.NUMERIC}
    numbers = [
        (name, value)
        for name, value in whole.record.items()
        if name in known and value and abs(value) < _LARGE
    ]
    for name, value in numbers[:_BATCH]:
        for factor in _FACTORS:
            yield name, factor, {**whole.record, name: value * factor}, whole.expected


def _wrong_requests(bundle: Bundle) -> list[tuple[str, object, int]]:
    column = next(iter(bundle.schema.names), "x")
    return [
        ("a wrong type", {column: {"nested": 1}}, 422),
        ("a wrong type in a batch", {"rows": [{}, {column: [{}]}]}, 422),
        ("an unknown field", {_STRANGE: 1}, 422),
        ("no rows", {"rows": []}, 422),
        ("an empty body", b"", 400),
        ("broken JSON", b'{"rows": [', 400),
        ("NaN", b'{"rows": [{"x": NaN}]}', 400),
        ("text that is no UTF-8", b'{"\xff": 1}', 400),
        ("too many rows", {"rows": [{}] * (USUAL_LIMITS.rows + 1)}, 413),
        ("a huge body", b" " * (USUAL_LIMITS.body_bytes + 1), 413),
    ]
