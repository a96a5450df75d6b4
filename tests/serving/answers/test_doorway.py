"""The short way answers what the usual way answers, or leaves it to it."""

import io
import json
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException
from starlette.testclient import TestClient

from example_bundle import BINARY, MULTICLASS, REGRESSION, make_covered_bundle
from fresh_kernel import same_bits
from modelwright.data.records import RecordReader
from modelwright.data.schema import Column, Kind, Schema
from modelwright.errors import ModelwrightError, SchemaError
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.kernel.door import Door, DoorColumn
from modelwright.predictor.kernel.library import Library, library
from modelwright.predictor.operations.answers import Isotonic
from modelwright.predictor.operations.categories import Codes
from modelwright.predictor.operations.linear import Columns
from modelwright.predictor.program import Input, Program, check_program
from modelwright.serving.answers.doorway import open_doorway, open_slower_doorway
from modelwright.serving.answers.expectations import Expectations
from modelwright.serving.app import Service, create_app
from modelwright.serving.container import VertexRoutes
from modelwright.serving.limits import Limits
from modelwright.serving.log import Log
from modelwright.serving.protocols.quick import Quick
from modelwright.serving.settings import Settings
from modelwright.serving.trials.lineup import Rival
from modelwright.serving.wire.head import Head, read_head
from modelwright.serving.wire.messages import decode_json
from modelwright.tasks.task import Task
from modelwright.workspace.ledger.ledger import Ledger
from modelwright.workspace.ledger.writer import LedgerWriter
from modelwright.workspace.trial import Trial

pytestmark = pytest.mark.skipif(
    library() is None or not library().reads, reason="There is no compiled kernel that reads rows."
)
SCHEMA = Schema(
    columns=(
        Column(name="age", kind=Kind.NUMERIC, missing_tokens=("-999", "x")),
        Column(name="größe", kind=Kind.NUMERIC, unit="kg"),
        Column(name="member", kind=Kind.BOOLEAN),
        Column(name="job", kind=Kind.CATEGORICAL, missing_tokens=("none",)),
        Column(name="zip", kind=Kind.CODED),
        Column(name="spare", kind=Kind.TEXT),
    )
)
CONTRACT = """schema: [{properties: [
  {name: age, logicalTypeOptions: {minimum: 0, maximum: 126}},
  {name: job, quality: [{metric: invalidValues, arguments: {validValues: [clerk, Köchin]}}]},
  {name: spare, logicalTypeOptions: {maxLength: 3}}]}]"""
NUMBERS = ("0", "-0", "-0.0", "39", "40.5", "1e3", "1E-7", "-999", "127", "0.1", "1e999", "5e-324")
ODD_NUMBERS = ("01", "+1", ".5", "1.", "1e", "--1", "0x1", "NaN", "Infinity", "- 1")
LONG_NUMBERS = (
    "0.1234567890123456",
    "12345678901234567890",
    "9007199254740993",
    "1.7976931348e308",
)
TEXTS = (
    "clerk",
    "Köchin",
    "cook",
    "none",
    "",
    " clerk",
    "clerk ",
    "?",
    "12",
    "12.0",
    "012",
    "é",
    "7",
)
ODD_TEXTS = ('"a\\u0062"', '"cl\\"erk"', '"a\tb"', '"\udcff"', "'clerk'", '"\x7f"', '"open')
OTHERS = ("null", "true", "false", "nul", "TRUE", "[]", "{}", "[1]", '{"a": 1}', "12", "-0", "")
VALUES = (
    *NUMBERS,
    *ODD_NUMBERS,
    *LONG_NUMBERS,
    *ODD_TEXTS,
    *OTHERS,
    *map(json.dumps, TEXTS),
    *(json.dumps(text, ensure_ascii=False) for text in TEXTS),
)
SOUND = {
    "age": (*NUMBERS, *LONG_NUMBERS, "null"),
    "größe": (*NUMBERS, *LONG_NUMBERS, "null"),
    "member": ("true", "false", "null"),
    "job": ('"clerk"', '"Köchin"', '"cook"', '"none"', '""', '" clerk"', '"chef"', "null", "7"),
    "zip": ('"12"', '"012"', '"12.0"', "12", "null"),
    "spare": ('"abc"', '"four"', "null", "7", '"é"'),
}
_AGE = {"name": "age", "shape": [2, 1], "datatype": "FP64", "data": [39.0, 40.5]}
_JOB = {"name": "job", "shape": [2, 1], "datatype": "BYTES", "data": ["clerk", "cook"]}
_MEMBER = {"name": "member", "shape": [2, 1], "datatype": "BOOL", "data": [True, None]}
_TENSORS = [_AGE, _JOB, _MEMBER]
ROWS = ({"age": 39, "member": True, "job": "clerk"}, {"job": "cook"}, {})
NAMES = (*SCHEMA.names, "gr\\u00f6\\u00dfe", "unknown", "rows", "")
SPACES = ("", "", "", " ", "\n\t", "\r", "\f", "\x00", "\ufeff")


def _bundle() -> Bundle:
    coded = [
        Codes(inputs=("column:job",), output="job", levels=("clerk", "Köchin"), rare=("cook",)),
        Codes(inputs=("column:job",), output="again", levels=("cook", " clerk")),
        Codes(inputs=("column:zip",), output="zip", levels=("12", "012")),
    ]
    read = [f"column:{name}" for name in ("member", "größe", "age")]
    program = Program(
        task=Task(kind="multiclass", classes=tuple(range(6))),
        inputs=tuple(
            Input(name=column.name, type=column.value_type) for column in SCHEMA.columns[:5]
        ),
        steps=(*coded, Columns(inputs=(*read, "job", "again", "zip"), output="all")),
        answer="all",
    )
    check_program(program)
    return replace(make_covered_bundle(), program=program, schema=SCHEMA, contract_text=CONTRACT)


BUNDLE = _bundle()
EXPECTATIONS = Expectations(CONTRACT, SCHEMA)


@pytest.fixture(scope="module", params=["all", "expected"])
def ways(request):
    expectations = None if request.param == "all" else EXPECTATIONS
    doorway = open_doorway(BUNDLE, expectations)
    assert doorway is not None
    return SimpleNamespace(
        short=lambda body: _as_rows(doorway(body)),
        usual=lambda body: _usually(body, expectations),
    )


def _as_rows(told: list[float] | None) -> np.ndarray | None:
    return None if told is None else np.array([told])


def _usually(body: bytes, expectations: Expectations | None) -> np.ndarray | None:
    """Answer as `Plain` and `Intake` do; None where a client is told something."""
    try:
        row = RecordReader(SCHEMA).row(decode_json(body, dict))
    except (HTTPException, ModelwrightError):
        return None
    if expectations is not None and expectations.find_in_rows([row]):
        return None
    return BUNDLE.run_rows([row])


@pytest.fixture(scope="module", params=["all", "expected"])
def slower(request):
    expectations = None if request.param == "all" else EXPECTATIONS
    doorway = open_slower_doorway(BUNDLE, expectations, RecordReader(SCHEMA))

    def short(body):
        read = doorway(body)
        return None if read is None else _as_rows(read[0])

    return SimpleNamespace(short=short, usual=lambda body: _usually(body, expectations))


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    odd = draw(st.booleans())
    space = st.sampled_from(SPACES if odd else ("", " "))
    names = st.lists(st.sampled_from(NAMES), max_size=2)
    fields = []
    for name in draw(names if odd else st.permutations(SCHEMA.names)):
        value = draw(st.sampled_from(VALUES if odd else SOUND[name]))
        fields.append(f'{draw(space)}"{name}"{draw(space)}:{draw(space)}{value}{draw(space)}')
    ends = ("}", "}", "}", "}}", ",}", "", "} x", "}\x00")
    end = draw(st.sampled_from(ends)) if odd else "}"
    text = draw(space) + "{" + ",".join(fields) + end + draw(space)
    return text.encode("utf-8", "surrogateescape")


@given(body=bodies())
def test_the_short_way_is_the_usual_way(ways, body):
    answered = ways.short(body)
    if answered is not None:
        usual = ways.usual(body)
        assert usual is not None, "the usual way refuses or tells something"
        assert same_bits(answered, usual)


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_read_to_the_bit(value):
    doorway = open_doorway(BUNDLE, None)
    body = json.dumps({"größe": value}, ensure_ascii=False).encode()
    answered = _as_rows(doorway(body))
    assert answered is None or same_bits(answered, _usually(body, None))


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        ' {"job" : "clerk",\n"age":39.25, "größe":-1e-3, "member":true, "zip": "012"} ',
        '{"zip": 12, "job": null, "member": false, "age": 0}',
        '{"age": 0.1234567890123456}',
    ],
)
def test_usual_rows_take_the_short_way(ways, body):
    assert same_bits(ways.short(body.encode()), ways.usual(body.encode()))


def test_a_row_is_answered_while_another_is_and_by_an_older_kernel(monkeypatch):
    body = b'{"job": "clerk", "age": 39.25}'
    doorway, usual = open_doorway(BUNDLE, None), _usually(body, None)
    with BUNDLE.follower._busy:
        assert same_bits(_as_rows(doorway(body)), usual)
    monkeypatch.setattr(Library, "answers", False)
    older = open_doorway(BUNDLE, None)
    assert same_bits(_as_rows(older(body)), usual)
    assert older(b"[]") is None


@pytest.mark.parametrize("body", ['{"job": "cook"}', '{"age": 127}', '{"spare": "four"}'])
def test_what_is_to_be_told_takes_the_usual_way(body):
    assert open_doorway(BUNDLE, EXPECTATIONS)(body.encode()) is None
    assert open_doorway(BUNDLE, None)(body.encode()) is not None


def test_a_column_outside_the_numbers_is_refused():
    for slots in ([-1], [3]):
        column = DoorColumn(name="a", kind="number", slots=slots, absent=[0.0])
        with pytest.raises(ValueError, match="write to"):
            Door([column], size=3, library=library())


def _alike(count: int) -> list[str]:
    """Return texts of eight signs that all want the first place of any table."""
    found, high = [], 0
    while len(found) < count:
        high += 1
        mix = high << 20
        mix ^= mix >> 32
        part = mix * pow(0xD6E8FEB86659FD93, -1, 1 << 64) % (1 << 64) ^ 0x9E3779B97F4A7C15 ^ 8
        text = part.to_bytes(8, "little")
        if all(0 < sign < 0x80 for sign in text):
            found.append(text.decode())
    return found


def test_texts_that_were_chosen_to_look_alike_are_left_to_python():
    for count, is_refused in ((200, False), (300, True)):
        known = {text: [0.0] for text in _alike(count)}
        column = DoorColumn(name="a", kind="text", slots=[0], absent=[0.0], known=known)
        with pytest.raises(ValueError, match="same places") if is_refused else nullcontext():
            Door([column], size=1, library=library())


def test_a_whole_number_of_thousands_of_digits_is_left_to_python():
    digits = "9" * 5_000
    column = DoorColumn(name="a", kind="text", slots=[0], absent=[0.0], known={digits: [1.0]})
    door, numbers = Door([column], size=1, library=library()), np.zeros(1)
    assert not door.read(f'{{"a": {digits}}}'.encode(), numbers.ctypes.data)
    assert door.read(f'{{"a": "{digits}"}}'.encode(), numbers.ctypes.data)
    assert numbers.tolist() == [1.0]


@given(body=bodies())
def test_so_is_the_slower_way_for_every_row_alone(slower, body):
    told, usual = slower.short(body), slower.usual(body)
    if told is None:
        assert usual is None or b"[" in body or body.count(b"{") != 1
    else:
        assert same_bits(told, usual)


def test_what_is_to_be_told_is_told_once_where_the_slower_way_answers():
    told = []

    def tell(unexpected, records):
        told.append((unexpected[0].column, records))

    whole = _without_moments(make_covered_bundle())
    expectations = Expectations(CONTRACT, whole.schema)
    answer = open_slower_doorway(whole, expectations, RecordReader(whole.schema), tell=tell)
    row = {name: value for name, value in ROWS[0].items() if name in whole.schema.names}
    _, note = answer(json.dumps(row | {"age": 127}).encode())
    assert told == []
    note()
    _, nothing = answer(json.dumps(row).encode())
    assert nothing is None
    assert answer(b'{"age": "x"}') is None
    assert told == [("age", [row | {"age": 127}])]
    # What has no finite answer is refused by the usual way, which tells it too.
    endless = open_slower_doorway(BUNDLE, EXPECTATIONS, RecordReader(SCHEMA), tell=tell)
    assert endless(b'{"age": 127}') is None
    assert len(told) == 1


def test_moments_need_the_slower_way():
    bundle = make_covered_bundle()
    assert open_doorway(bundle, None) is None
    slower = open_slower_doorway(bundle, None, RecordReader(bundle.schema))
    row = ROWS[0] | {"seen": "2024-03-01"}
    values, _ = slower(json.dumps(row).encode())
    assert same_bits(_as_rows(values), bundle.run_rows([RecordReader(bundle.schema).row(row)]))
    for body in (json.dumps({"rows": [row]}), json.dumps({"row": row}), '{"seen": 5}', ""):
        assert slower(body.encode()) is None


def test_a_line_that_calibrates_needs_no_slower_way():
    whole = _without_moments(make_covered_bundle())
    knots = {"x": np.array([0.2, 0.8]), "y": np.array([0.1, 0.9])}
    isotonic = Isotonic(inputs=(whole.program.answer,), output="calibrated", **knots)
    steps = (*whole.program.steps, isotonic)
    program = msgspec.structs.replace(whole.program, steps=steps, answer="calibrated")
    check_program(program)
    bundle = replace(whole, program=program)
    doorway = open_doorway(bundle, None)
    assert doorway is not None
    read = RecordReader(bundle.schema).row
    for row in ROWS:
        assert same_bits(_as_rows(doorway(json.dumps(row).encode())), bundle.run_rows([read(row)]))


def _without_moments(whole: Bundle) -> Bundle:
    kept = tuple(column for column in whole.schema if column.kind != Kind.DATETIME)
    replaced = {"filled_month": ("column:age",)}
    steps = [
        msgspec.structs.replace(step, inputs=replaced.get(step.output, step.inputs))
        for step in whole.program.steps
        if step.output != "month"
    ]
    inputs = tuple(each for each in whole.program.inputs if each.name != "seen")
    program = msgspec.structs.replace(whole.program, inputs=inputs, steps=tuple(steps))
    return replace(whole, program=program, schema=Schema(columns=kept))


@pytest.mark.parametrize("reads_moments", [False, True])
@pytest.mark.parametrize("task", [MULTICLASS, REGRESSION], ids=lambda task: task.kind)
def test_the_server_answers_the_same_both_ways(task, reads_moments):
    whole = make_covered_bundle(task)
    bundle = whole if reads_moments else _without_moments(whole)
    assert (open_doorway(bundle, None) is None) == reads_moments
    client = TestClient(create_app(bundle))
    for row in ROWS:
        short = client.post("/predict", json=row).json()
        usual = client.post("/predict", json={"rows": [row], "ids": ["a"]}).json()
        short["predictions"][0]["id"] = "a"
        assert short == usual


@pytest.fixture(scope="module")
def quick() -> Bundle:
    return _without_moments(make_covered_bundle())


def _head(*headers: str, method: str = "POST", path: str = "/predict") -> Head:
    lines = [f"{method} {path} HTTP/1.1", "Host: here", *headers, "", ""]
    head = read_head(bytearray("\r\n".join(lines).encode()))
    assert head is not None
    return head


def test_a_connection_gets_the_bytes_that_the_app_would_send(quick):
    out = io.StringIO()
    service = Service(quick, log=Log(out, requests=True))
    client = TestClient(service)
    for row in ROWS:
        body = json.dumps(row).encode()
        told = service.at_once(_head("X-Request-Id: r1"), body)
        assert told is not None
        head, _, answer = told.partition(b"\r\n\r\n")
        usual = client.post("/predict", content=body, headers={"X-Request-Id": "r1"})
        assert dict(line.decode().split(": ") for line in head.split(b"\r\n")) == {
            name: value for name, value in usual.headers.items() if name != "date"
        }
        short, long = json.loads(answer), usual.json()
        short["predictions"][0]["id"] = long["predictions"][0]["id"]
        assert short == long
    told = [{**json.loads(line), "at": "", "seconds": 0} for line in out.getvalue().splitlines()]
    assert len(told) == 2 * len(ROWS)
    assert all(line == told[0] for line in told)
    metrics = client.get("/metrics").text
    assert f"modelwright_predictions_total {2 * len(ROWS)}." in metrics
    assert (
        f'modelwright_requests_total{{endpoint="predict",status="200"}} {2 * len(ROWS)}.' in metrics
    )


_FEW = (
    ("/predict", {"rows": [ROWS[0]], "ids": ["a"]}),
    ("/predict", {"rows": [*ROWS], "ids": ["a", "b", "c"], "coverage": 0.8}),
    ("/predict", {"row": ROWS[1], "ids": ["a"]}),
    ("INFER", {"id": "a", "inputs": _TENSORS}),
    ("INFER", {"id": "a", "inputs": _TENSORS, "outputs": [{"name": "answer"}]}),
    ("VERSION", {"id": "a", "inputs": _TENSORS}),
    ("/invocations", {"dataframe_records": [*ROWS]}),
    ("/invocations", {"dataframe_split": {"columns": ["age"], "data": [[40], [50]]}}),
    ("/invocations", {"inputs": {"age": [40]}}),
)


def _logged(ledger: Ledger, path: str) -> list[tuple[str, object, dict[str, object]]]:
    rows = [(each.id, each.inputs, each.output) for each in ledger.read_window()]
    if path == "/invocations":  # where nobody names the answers
        return [("", inputs, {**output, "id": ""}) for _, inputs, output in rows]
    return rows


@pytest.mark.parametrize("task", [BINARY, REGRESSION], ids=lambda task: task.kind)
@pytest.mark.parametrize(("path", "body"), _FEW)
def test_few_rows_get_the_bytes_that_the_app_would_send(task, path, body, tmp_path):
    bundle = _without_moments(make_covered_bundle(task))
    model = f"/v2/models/{bundle.name}"
    version = TestClient(create_app(bundle)).get(model).json()["versions"][0]
    places = {"INFER": f"{model}/infer", "VERSION": f"{model}/versions/{version}/infer"}
    place, sent = places.get(path, path), json.dumps(body).encode()
    with Ledger.open(tmp_path / "one.db") as ledger, LedgerWriter(ledger) as writer:
        service = Service(bundle, ledger_writer=writer, clock=lambda: 5)
        told = service.at_once(_head("X-Request-Id: r1", path=place), sent)
        assert told is not None
        assert writer.flush()
        logged = _logged(ledger, path)
    with Ledger.open(tmp_path / "other.db") as ledger, LedgerWriter(ledger) as writer:
        app = create_app(bundle, ledger_writer=writer, clock=lambda: 5)
        usual = TestClient(app).post(place, content=sent, headers={"X-Request-Id": "r1"})
        assert writer.flush()
        assert logged == _logged(ledger, path)
    head, _, answer = told.partition(b"\r\n\r\n")
    assert answer == usual.content
    assert dict(line.decode().split(": ") for line in head.split(b"\r\n")) == {
        name: value for name, value in usual.headers.items() if name != "date"
    }


@pytest.mark.parametrize(
    "body",
    [
        {"rows": []},
        {"rows": [{"age": "x"}]},
        {"rows": [{"unknown": 1}]},
        {"rows": [{"age": 1}], "ids": [1]},
        {"rows": [{"age": 1}], "coverage": 7},
        {"rows": [{"age": 1}], "related": {}},
        {"rows": [{"age": 1}] * 1500},
    ],
)
def test_few_rows_of_which_there_is_something_to_tell_take_the_usual_way(quick, body):
    service = Service(quick)
    before = service.metrics.response().body
    assert service.at_once(_head(), json.dumps(body).encode()) is None
    assert service.metrics.response().body == before


def test_tensors_of_which_there_is_something_to_tell_take_the_usual_way(quick):
    service = Service(quick)
    head = _head(path=f"/v2/models/{quick.name}/infer")
    binary = {"name": "answer", "parameters": {"binary_data": True}}
    assert service.at_once(head, json.dumps({"inputs": _TENSORS}).encode()) is not None
    for body in (
        {"inputs": []},
        {"inputs": [_AGE, _JOB]},
        {"inputs": _TENSORS, "outputs": [{"name": "none"}]},
        {"inputs": _TENSORS, "outputs": [binary]},
        {"inputs": _TENSORS, "parameters": {"binary_data_output": True}},
        {"inputs": [_JOB, _MEMBER, {**_AGE, "data": None, "parameters": {"binary_data_size": 8}}]},
    ):
        assert service.at_once(head, json.dumps(body).encode()) is None
    sized = _head("Inference-Header-Content-Length: 5", path=f"/v2/models/{quick.name}/infer")
    assert service.at_once(sized, json.dumps({"inputs": _TENSORS}).encode()) is None


@pytest.mark.parametrize(
    "headers",
    [
        ["Accept: text/csv"],
        ["Content-Type: text/csv"],
        ["X-Amzn-SageMaker-Inference-Id: a"],
        ["X-Amzn-SageMaker-Custom-Attributes: answers=full"],
    ],
)
def test_other_forms_of_invocations_take_the_usual_way(quick, headers):
    service = Service(quick)
    sent = json.dumps({"dataframe_records": [{"age": 40}]}).encode()
    accepted = _head("Accept: */*", "Content-Type: application/json", path="/invocations")
    assert service.at_once(accepted, sent) is not None
    assert service.at_once(accepted, b'{"dataframe_records": []}') is None
    assert service.at_once(_head(*headers, path="/invocations"), sent) is None


def test_what_needs_more_than_an_answer_takes_the_usual_way(quick):
    service = Service(quick, Settings(limits=Limits(body_bytes=20), tokens=("one",)))
    known = "Authorization: Bearer one"
    assert service.at_once(_head(known), b'{"age": 40}') is not None
    for head in (
        _head(),
        _head("Authorization: Bearer two"),
        _head(known, "Content-Encoding: gzip"),
        _head(known, "Origin: https://shop.example"),
        _head(known, method="GET"),
        _head(known, path="/predict/batch"),
    ):
        assert service.at_once(head, b'{"age": 40}') is None
    for body in (b'{"age": "old"}', b"", b'{"age":' + b" " * 20 + b"40}"):
        assert service.at_once(_head(known), body) is None
    busy = Service(quick, Settings(limits=Limits(requests=0)))
    assert busy.at_once(_head(), b'{"age": 40}') is None
    platform = Service(quick, Settings(vertex=VertexRoutes(health="/ready", predict="/predict")))
    assert platform.at_once(_head(), b'{"age": 40}') is None


def test_a_header_that_stands_twice_takes_the_usual_way(quick):
    service = Service(quick, Settings(tokens=("one",)))
    twice = (b"authorization", b"Bearer two"), (b"authorization", b"Bearer one")
    head = replace(_head(), headers=[*_head().headers, *twice])
    assert service.at_once(head, b'{"age": 40}') is None


def test_a_row_is_logged_once_where_the_log_of_requests_cannot_be_written(quick, tmp_path):
    class Full(io.StringIO):
        def write(self, text):
            raise OSError(28, "No space left on device")

    with Ledger.open(tmp_path / "ledger.db") as ledger, LedgerWriter(ledger) as writer:
        service = Service(quick, ledger_writer=writer, log=Log(Full(), requests=True))
        assert service.at_once(_head(), b'{"age": 40}') is not None
        assert TestClient(service).post("/predict", json={"age": 41}).status_code == 200
        assert writer.flush()
        assert [each.inputs for each in ledger.read_window()] == [{"age": 40}, {"age": 41}]


def test_a_row_without_an_answer_goes_the_usual_way(quick):
    def fail(body):
        raise SchemaError("No finite answer.", "Look.")

    service = Service(quick)
    service._quick._routes["/predict"] = Quick("predict", fail)
    assert service.at_once(_head(), b'{"age": 40}') is None


def test_a_canary_decides_by_the_id_and_takes_the_usual_way(quick):
    service = Service(quick)
    trial = Trial(role="canary", share=0.5)
    service.replace(quick, Rival(replace(quick, hash="other"), trial, Path("other")))
    assert service.at_once(_head(), b'{"age": 40}') is None
    service.replace(quick)
    assert service.at_once(_head(), b'{"age": 40}') is not None


def test_a_row_is_logged_as_it_was_sent(tmp_path):
    with Ledger.open(tmp_path / "ledger.db") as ledger, LedgerWriter(ledger) as writer:
        client = TestClient(
            create_app(_without_moments(make_covered_bundle()), ledger_writer=writer)
        )
        answers = {}
        for row in ROWS:
            for body in (json.dumps(row), json.dumps(row, indent=1)):
                (one,) = client.post("/predict", content=body).json()["predictions"]
                answers[one["id"]] = row, one
        # Of spaces without end nothing is kept.
        client.post("/predict", content='{"age":' + " " * 20_000 + "40}")
        assert writer.flush()
        *logged, spaced = [*ledger.read_window()]
    assert spaced.inputs == {"age": 40}
    assert {each.id: (each.inputs, each.output) for each in logged} == answers
