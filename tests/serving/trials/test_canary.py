import asyncio
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from example_bundle import REGRESSION, ROWS, make_bundle, make_covered_bundle
from modelwright.serving.answers.responder import Responder
from modelwright.serving.app import Service
from modelwright.serving.metrics import Memory, Metrics
from modelwright.serving.trials.canary import Canary
from modelwright.serving.trials.lineup import Rival
from modelwright.workspace.ledger.ledger import Ledger
from modelwright.workspace.ledger.writer import LedgerWriter
from modelwright.workspace.trial import Trial
from rival_bundles import wider

HALF = Trial(role="canary", share=0.5)
BY_JOB = Trial(role="canary", share=0.5, key="job")


def _service(tmp_path, trial, *, champion=None, challenger=None, **told) -> Service:
    champion = replace(champion or make_bundle(), hash="a" * 64)
    service = Service(champion, **told)
    rival = replace(challenger or champion, hash="b" * 64)
    service.replace(champion, Rival(bundle=rival, trial=trial, folder=tmp_path))
    return service


def _model(client: TestClient, name: str) -> str:
    sent = {"rows": [ROWS[0], ROWS[1]], "ids": [name, f"{name}-2"]}
    answered = client.post("/predict", json=sent)
    assert answered.headers["model-version"] == answered.json()["model"][:12]
    assert [each["id"] for each in answered.json()["predictions"]] == sent["ids"]
    return answered.json()["model"][0]


def test_a_share_of_the_requests_goes_to_the_challenger_and_always_the_same(tmp_path):
    client = TestClient(_service(tmp_path, HALF))
    models = {name: _model(client, name) for name in map(str, range(40))}
    assert 8 < [*models.values()].count("b") < 32
    assert {name: _model(client, name) for name in models} == models
    assert models == {name: "b" if HALF.takes(name, salt="b" * 64) else "a" for name in models}


def test_a_key_has_the_same_model_in_every_request_and_in_every_row(tmp_path):
    client = TestClient(_service(tmp_path, BY_JOB))
    jobs = [f"job {number}" for number in range(20)]
    rows = [{"age": 30 + place, "job": job} for place, job in enumerate(jobs)]
    both = client.post("/predict", json={"rows": rows})
    models = [each["model"] for each in both.json()["predictions"]]
    assert set(models) == {"a" * 64, "b" * 64}
    assert sorted(both.headers.get_list("model-version")) == ["a" * 12, "b" * 12]
    alone = [client.post("/predict", json=row).json() for row in rows]
    assert [each["model"] for each in alone] == models
    # Rows that two models share come back in their order, each with its own answer.
    assert [each["predictions"][0]["probabilities"] for each in alone] == [
        each["probabilities"] for each in both.json()["predictions"]
    ]


def test_a_number_and_its_text_are_one_key(tmp_path):
    trial = Trial(role="canary", share=0.5, key="age")
    client = TestClient(_service(tmp_path, trial))
    for age in range(20):
        asked = ({"age": age}, {"age": float(age)}, {"age": str(age)})
        assert len({client.post("/predict", json=row).json()["model"] for row in asked}) == 1


def test_files_and_the_protocol_are_shared_out_too(tmp_path):
    client = TestClient(_service(tmp_path, BY_JOB))
    lines = "age,job\n" + "".join(f"{30 + place},job {place}\n" for place in range(20))
    answered = client.post("/predict/batch", content=lines, headers={"content-type": "text/csv"})
    assert len(answered.text.splitlines()) == 21
    tensors = [
        {"name": name, "datatype": kind, "shape": [20], "data": values}
        for name, kind, values in (
            ("age", "FP64", [30.0 + place for place in range(20)]),
            ("member", "BOOL", [None] * 20),
            ("job", "BYTES", [f"job {place}" for place in range(20)]),
            ("seen", "BYTES", [None] * 20),
        )
    ]
    infer = client.post("/v2/models/left/infer", json={"inputs": tensors})
    assert infer.status_code == 200, infer.text
    assert sorted(infer.headers.get_list("model-version")) == ["a" * 12, "b" * 12]


def test_the_ledger_says_who_answered(tmp_path):
    with Ledger.open(tmp_path / "ledger.db") as ledger, LedgerWriter(ledger) as writer:
        with TestClient(_service(tmp_path, BY_JOB, ledger_writer=writer)) as client:
            rows = [{"job": f"job {place}"} for place in range(20)]
            models = client.post("/predict", json={"rows": rows}).json()["predictions"]
        logged = {row.id: (row.version, row.role) for row in ledger.read_window()}
    roles = {"a" * 64: "champion", "b" * 64: "canary"}
    assert logged == {row["id"]: (row["model"], roles[row["model"]]) for row in models}


class _Broken:
    def run(self, columns):
        raise ZeroDivisionError("on trial")


def test_what_the_challenger_cannot_answer_the_champion_does(tmp_path):
    service = _service(tmp_path, HALF, challenger=replace(make_bundle(), runner=_Broken()))
    client = TestClient(service)
    assert {_model(client, name) for name in map(str, range(40))} == {"a"}
    assert service.metrics.total("canary_faults") == service.metrics.total("canary_calls") > 8
    assert service.metrics.total("model_faults") == 0
    # A request that both refuse is the client's own fault.
    before = service.metrics.total("canary_faults")
    for name in map(str, range(40)):
        refused = client.post("/predict", json={"rows": [{"age": "old"}], "ids": [name]})
        assert refused.status_code == 422
    assert service.metrics.total("canary_faults") == before


class _Slow:
    """Takes five seconds for a row, on a clock of its own."""

    def __init__(self, monkeypatch):
        self._now = 0.0
        monkeypatch.setattr(
            "modelwright.serving.answers.responder.time.perf_counter", lambda: self._now
        )

    def run(self, columns):
        self._now += 5.0
        return make_bundle().program.run(columns)


def test_a_champion_that_waits_for_a_slow_challenger_is_not_slow_itself(tmp_path, monkeypatch):
    slow = replace(make_bundle(), runner=_Slow(monkeypatch))
    service = _service(tmp_path, HALF, challenger=slow)
    canary = service._responder(service.bundle, Rival(bundle=slow, trial=HALF, folder=tmp_path))
    service.at_work = lambda: 2

    async def ask() -> None:
        await asyncio.gather(*(canary.respond([ROWS[0]], [str(each)]) for each in range(8)))

    asyncio.run(ask())
    total = service.metrics.total
    assert total("champion_calls") + total("canary_calls") == 8.0
    assert (total("champion_seconds"), total("canary_seconds")) == (0.0, 5.0)
    assert total("canary_late") == 1.0


class _Stuck(Responder):
    async def respond(self, rows, ids, *, level=None, related=None):
        await asyncio.sleep(60)


def test_who_waits_too_long_for_the_challenger_gets_the_answer_of_the_champion(tmp_path):
    metrics, failures = Metrics(Memory()), []
    told = {"ledger_writer": None, "metrics": metrics, "clock": lambda: 0}
    champion, stuck = Responder(make_bundle(), **told), _Stuck(make_bundle(), **told)
    whole = Trial(role="canary", share=0.999999)
    canary = Canary(
        champion, stuck, whole, metrics=metrics, failed=failures.append, patience_s=0.001
    )
    answers = asyncio.run(canary.respond([ROWS[0]], ["a"]))
    assert answers.ids == ["a"]
    assert metrics.total("canary_faults") == metrics.total("canary_calls") == 1.0
    assert [type(each) for each in failures] == [TimeoutError]


def test_a_file_is_counted_whether_the_challenger_answers_it_or_not(tmp_path):
    service = _service(tmp_path, HALF)
    client = TestClient(service)
    csv = {"content-type": "text/csv"}
    for _ in range(20):
        answered = client.post("/predict/batch", content="age\n30\n", headers=csv)
        assert answered.status_code == 200
    assert 2 < service.metrics.total("canary_parts") < 18


@pytest.mark.parametrize("role", ["shadow", "canary"])
def test_columns_of_either_may_be_sent_while_a_challenger_is_on_trial(tmp_path, role):
    trial = Trial(role=role, share=0.5)
    for champion, challenger in ((make_bundle(), wider()), (wider(), make_bundle())):
        service = _service(tmp_path, trial, champion=champion, challenger=challenger)
        client = TestClient(service)
        for name in map(str, range(20)):
            sent = {"rows": [{"age": 30, "income": 7}], "ids": [name]}
            assert client.post("/predict", json=sent).status_code == 200
        unknown = client.post("/predict", json={"age": 30, "incme": 7})
        assert unknown.status_code == 422
        service.replace(make_bundle())
        assert client.post("/predict", json={"income": 7}).status_code == 422


@pytest.mark.parametrize("task", [[], [REGRESSION]])
def test_ranges_and_sets_of_both_stand_beside_their_answers(tmp_path, task):
    bundle = make_covered_bundle(*task)
    client = TestClient(_service(tmp_path, BY_JOB, champion=bundle))
    rows = [{"age": 30 + place, "job": f"job {place}"} for place in range(20)]
    both = client.post("/predict", json={"rows": rows}).json()["predictions"]
    for row, found in zip(rows, both, strict=True):
        (alone,) = client.post("/predict", json=row).json()["predictions"]
        for field in ("range", "set"):
            assert found.get(field) == alone.get(field)
    # Where only one of them states it, rows of both have none.
    plain = make_bundle(*task)
    client = TestClient(_service(tmp_path, BY_JOB, champion=bundle, challenger=plain))
    assert client.post("/predict", json={"rows": rows}).status_code == 200
