import msgspec
import pytest

from example_bundle import ROWS, make_bundle
from modelwright.predictor.bundle_folder import read_bundle, write_bundle
from modelwright.serving.trials.shadow import Shadow
from modelwright.workspace.ledger.ledger import Ledger, Prediction
from rival_bundles import another, wider


@pytest.fixture
def ledger(tmp_path):
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        yield ledger


def _logged(number: int, row: dict, **told) -> Prediction:
    return Prediction(
        id=f"p{number}",
        at=told.pop("at", 100 + number),
        version=told.pop("version", "a" * 64),
        inputs=msgspec.json.encode(row),
        output=b"{}",
        latency_s=0.001,
        **told,
    )


def _read(bundle, tmp_path):
    write_bundle(bundle, tmp_path / "bundle")
    return read_bundle(tmp_path / "bundle")


def _shadows(ledger: Ledger) -> dict[str, object]:
    return {row.id: row.output for row in ledger.read_window(roles=("shadow",))}


def test_it_answers_each_row_once_as_it_would_have_answered_a_client(ledger, tmp_path):
    bundle = _read(another(), tmp_path)
    # More rows than are read at once, all at one moment.
    ledger.append([_logged(number, ROWS[number % 4], at=100) for number in range(450)])
    shadow = Shadow(bundle, ledger, since=0)
    assert shadow.catch_up() == 450
    assert Shadow(bundle, ledger, since=0).catch_up() == shadow.catch_up() == 0
    found = _shadows(ledger)
    expected = {case.name: case.expected for case in bundle.cases}
    assert len(found) == 450
    probabilities = [*found["p0"]["probabilities"].values()]
    columns = make_bundle().program.run
    assert probabilities == pytest.approx(_run(columns, ROWS[0]))
    assert expected


def _run(run, row):
    from example_bundle import SCHEMA
    from modelwright.data.records import columns_from_records

    return run(columns_from_records([row], SCHEMA))[0].tolist()


def test_it_leaves_rows_from_before_and_those_of_its_own(ledger, tmp_path):
    bundle = _read(another(), tmp_path)
    ledger.append([_logged(1, ROWS[0]), _logged(2, ROWS[0], version=bundle.hash)])
    ledger.append([_logged(3, ROWS[0], role="canary", version="c"), _logged(4, ROWS[0])])
    assert Shadow(bundle, ledger, since=103).catch_up() == 1
    assert [*_shadows(ledger)] == ["p4"]


def test_what_it_refuses_is_told_in_its_place(ledger, tmp_path):
    ledger.append([_logged(1, ROWS[0]), _logged(2, {"age": "old"}), _logged(3, {"spare": 1})])
    shadow = Shadow(_read(another(), tmp_path), ledger, since=0)
    assert (shadow.catch_up(), shadow.catch_up()) == (3, 0)
    found = _shadows(ledger)
    assert found["p2"] == {"error": "The field 'age' is 'old'. Give a number or null."}
    # A column that it does not read is not its business.
    assert "answer" in found["p1"]
    assert "answer" in found["p3"]


def test_columns_that_clients_do_not_send_may_be_filled_in(ledger, tmp_path):
    ledger.append([_logged(number, ROWS[0]) for number in (1, 2)])
    known = {"p2": {"income": 7.0}}
    shadow = Shadow(_read(wider(), tmp_path), ledger, since=0, fill=lambda row: known.get(row.id))
    assert (shadow.catch_up(), shadow.catch_up()) == (1, 0)
    known["p1"] = {"income": "much"}
    assert (
        Shadow(
            read_bundle(tmp_path / "bundle"), ledger, since=0, fill=lambda row: known.get(row.id)
        ).catch_up()
        == 1
    )
    assert "error" in _shadows(ledger)["p1"]
