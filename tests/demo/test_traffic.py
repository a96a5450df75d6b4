import shutil

import polars as pl
import pytest

from modelwright.demo.traffic import running_server, send
from modelwright.errors import ServiceError
from modelwright.workspace.ledger.ledger import Ledger
from orders_example import finished_folder


@pytest.fixture
def workspace(tmp_path, tmp_path_factory):
    folder = finished_folder(tmp_path_factory.getbasetemp())
    return shutil.copytree(folder / "orders-model", tmp_path / "orders-model")


def test_rows_are_answered_and_logged_under_their_ids(workspace, tmp_path_factory):
    rows = pl.read_csv(finished_folder(tmp_path_factory.getbasetemp()) / "later.csv")
    live = rows.select("order_id", "amount", "country", "items")
    with running_server(workspace) as port:
        assert send(live, id_column="order_id", port=port) > 0
        with pytest.raises(ServiceError, match="answered 422"):
            send(live.rename({"items": "itmes"}), id_column="order_id", port=port)
    with Ledger.open(workspace / "ledger.db") as ledger:
        logged = [row.id for row in ledger.read_window()]
    assert logged == live["order_id"].to_list()
