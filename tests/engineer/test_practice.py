import polars as pl
import pytest

from modelwright.documents import (
    Release,
    read_document,
)
from modelwright.workspace.ledger.address import ledger_of
from modelwright.workspace.ledger.ledger import Ledger, Prediction
from orders_example import TARGET, orders


def test_labels_meet_the_predictions_of_the_same_ids(project):
    version = read_document(Release, project.workspace).bundle_hash
    with Ledger.open(ledger_of(project.workspace.path)) as ledger:
        ledger.append(
            [
                Prediction(id="a", at=0, version=version, inputs=b"{}", output=b"0.7", latency_s=0),
                Prediction(id="b", at=1, version=version, inputs=b"{}", output=b"0.2", latency_s=0),
            ]
        )
    labels = pl.DataFrame({"id": ["a", "c"], TARGET: ["yes", "no"]})
    count = project.label(labels)
    assert (count.matched, count.corrected, count.unknown) == (1, 0, 1)
    renamed = pl.DataFrame({"number": ["a"], "what": ["no"]})
    count = project.label(renamed, id_column="number", target="what")
    assert (count.matched, count.corrected) == (1, 1)


@pytest.mark.parametrize("rows", [orders(300, seed=1), "later.csv"])
def test_new_rows_are_judged(rows, project):
    health = project.maintain(rows)
    assert (health.rows, health.labelled) == (300, 300)
    assert health.realised is not None
    assert health.healthy


def test_rows_that_changed_are_not_healthy(project):
    dear = orders(300, seed=1).with_columns(pl.col("amount") * 50)
    assert not project.maintain(dear).healthy
