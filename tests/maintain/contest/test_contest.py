from dataclasses import replace

import numpy as np
import pytest

from example_bundle import REGRESSION, make_bundle
from modelwright.maintain.contest.contest import Contest, judge_contest
from modelwright.maintain.contest.description import describe_contest
from modelwright.tasks.metrics import METRICS
from modelwright.tasks.row_losses import row_loss
from modelwright.workspace.ledger.pairs import AnsweredRow
from modelwright.workspace.trial import Trial
from rival_bundles import another

SHADOW = Trial(role="shadow")
CHAMPION, CHALLENGER = replace(make_bundle(), hash="a" * 64), replace(another(), hash="b" * 64)
BRIER = row_loss(METRICS["brier"], CHAMPION.program.task)


def _answer(probability: float) -> dict:
    names = {"no": 1 - probability, "yes": probability}
    return {"answer": "yes" if probability >= 0.4 else "no", "probabilities": names}


def _rows(count: int, *, better: float, labelled: int | None = None) -> list[AnsweredRow]:
    """Return rows whose challenger is nearer to the truth by so much."""
    rng = np.random.default_rng(0)
    rows = []
    for number in range(count):
        yes = bool(rng.random() < 0.3)
        old = float(np.clip(0.3 + rng.normal(0, 0.15), 0, 1))
        new = float(np.clip(old + (better if yes else -better) + rng.normal(0, 0.05), 0, 1))
        known = labelled is None or number < labelled
        rows.append(
            AnsweredRow(
                id=f"p{number}",
                at=number,
                is_canary=False,
                output=_answer(old),
                latency_s=0.002,
                beside=_answer(new),
                beside_latency_s=0.001,
                inputs={"job": f"job {number}"},
                label=("yes" if yes else "no") if known else None,
                arrival=number if known else None,
            )
        )
    return rows


def _judged(rows, trial=SHADOW, **told) -> Contest:
    return judge_contest(CHAMPION, CHALLENGER, rows, trial=trial, loss=BRIER, **told)


@pytest.mark.parametrize(
    ("better", "verdict", "says"),
    [(0.1, "promote", "loses less"), (-0.1, "give up", "loses more"), (0.005, "wait", "may be")],
)
def test_the_verdict_is_what_the_labels_say(better, verdict, says):
    found = _judged(_rows(1500, better=better))
    assert found.verdict == verdict
    assert says in found.sentence
    assert (found.answered, found.labelled, found.compared) == (1500, 1500, 1450)
    assert found.gain.low <= found.gain.value <= found.gain.high
    told = describe_contest(found)
    assert verdict in told
    assert "a" * 12 in told
    assert "●" in told


def test_a_gain_that_is_not_worth_the_change_is_given_up():
    found = _judged(_rows(1500, better=0.005), worth=0.4)
    assert (found.verdict, "is ruled out" in found.sentence) == ("give up", True)


def test_labels_may_come_in_any_order_and_those_without_wait():
    rows = _rows(1000, better=0.05, labelled=600)
    one, other = _judged(rows), _judged(rows[::-1])
    assert one == other
    assert (one.answered, one.labelled) == (1000, 600)
    few = _judged(_rows(100, better=0.05, labelled=10))
    assert (few.verdict, few.gain) == ("wait", None)
    assert "10 labels so far" in few.sentence
    assert describe_contest(few)
    assert _judged([]).champion_loss is None


def test_a_challenger_that_refuses_rows_is_given_up_whatever_it_gains():
    rows = _rows(1000, better=0.1)
    refusing = [
        AnsweredRow(**{**_fields(row), "beside": {"error": "The field 'age' is 'old'."}})
        if number % 20 == 0
        else row
        for number, row in enumerate(rows)
    ]
    found = _judged(refusing)
    assert (found.verdict, found.refused) == ("give up", 50)
    assert "'old'" in describe_contest(found)
    one = _judged([refusing[0], *rows[1:]])
    assert (one.verdict, one.refused) == ("promote", 1)


def _fields(row: AnsweredRow) -> dict:
    return {name: getattr(row, name) for name in row.__struct_fields__}


def _shared(rows: list[AnsweredRow], trial: Trial) -> list[AnsweredRow]:
    """Let the challenger answer its share, and nobody in the shadow."""
    shared = []
    for row in rows:
        name = (row.inputs or {})["job"] if trial.key else row.id
        taken = trial.takes(name, salt=CHALLENGER.hash)
        output = row.beside if taken else row.output
        told = {"is_canary": taken, "output": output, "beside": None}
        shared.append(AnsweredRow(**{**_fields(row), **told}))
    return shared


def test_a_canary_is_compared_by_share():
    trial = Trial(role="canary", share=0.5)
    found = _judged(_shared(_rows(3000, better=0.2), trial), trial)
    assert found.verdict == "promote"
    assert found.challenger_loss < found.champion_loss
    assert _judged(_shared(_rows(600, better=0.0), trial), trial).verdict == "wait"


def test_rows_that_had_to_have_the_same_model_count_once():
    by_job = Trial(role="canary", share=0.5, key="job")
    rows = _shared(_rows(300, better=0.1), by_job)
    again = [AnsweredRow(**{**_fields(row), "id": f"{row.id} again"}) for row in rows]
    assert _judged([*rows, *again], by_job).labelled == 300
    by_request = Trial(role="canary", share=0.5)
    shared = _shared(_rows(300, better=0.1), by_request)
    together = [AnsweredRow(**{**_fields(row), "at": row.at // 3}) for row in shared]
    assert _judged(together, by_request).labelled == 100


def test_a_former_champion_that_is_better_is_a_reason_to_go_back():
    former = Trial(role="shadow", former=True)
    assert "roll back" in describe_contest(_judged(_rows(1500, better=0.1), former))


def test_numbers_are_compared_too():
    champion = replace(make_bundle(REGRESSION), hash="a" * 64)
    rng = np.random.default_rng(0)
    rows = [
        AnsweredRow(
            id=str(number),
            at=number,
            is_canary=False,
            output={"answer": 10.0 + rng.normal()},
            latency_s=0.001,
            beside={"answer": 10.0 + 0.3 * rng.normal()},
            beside_latency_s=None,
            inputs=None,
            label=10.0,
            arrival=number,
        )
        for number in range(800)
    ]
    loss = row_loss(METRICS["rmse"], champion.program.task)
    found = judge_contest(champion, CHALLENGER, rows, trial=SHADOW, loss=loss)
    assert (found.verdict, found.loss, found.challenger_s) == ("promote", "squared error", None)
