import math

from modelwright.predictor.emitters.adversarial import adversarial_records
from modelwright.predictor.emitters.edges import edges_of


def test_the_same_seed_gives_the_same_rows(bundles):
    bundle = bundles["regression"]
    once, again, other = (
        repr(adversarial_records(bundle, count=50, seed=seed)) for seed in (1, 1, 2)
    )
    assert once == again != other


def test_rows_hold_what_differs_between_hosts(bundles):
    bundle = bundles["binary"]
    rows = adversarial_records(bundle, count=3000)
    sizes = {row["size"] for row in rows if row.get("size") is not None}
    assert any(math.isinf(each) for each in sizes)
    assert sizes & set(edges_of(bundle.program)["size"].tolist())
    notes = {row.get("note") for row in rows}
    assert {None, "", "\ufdfa"} <= notes
    assert any(note and "e\u0301" in note for note in notes)
    assert {"1969-12-31T23:59:59.999999Z", None} <= {row.get("since") for row in rows}


def test_some_rows_stay_as_they_were_recorded(bundles):
    bundle = bundles["binary"]
    recorded = [case.record for case in bundle.cases]
    assert any(row in recorded for row in adversarial_records(bundle, count=100))
