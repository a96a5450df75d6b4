"""What changes between contracts is told with what it costs, or that nobody measured it."""

import pytest

from modelwright.data.contracts.contract import Contract, ContractColumn
from modelwright.data.contracts.diff import compare_contracts
from modelwright.data.schema import Column, Kind
from modelwright.report.terminal.contract_changes import describe_changes


@pytest.mark.parametrize(
    ("importance", "metric", "said"),
    [(0.02, "roc_auc", "the model loses 0.02 in"), (None, "", "how much is not known")],
)
def test_a_column_that_is_gone_costs_what_is_known(
    importance: float | None, metric: str, said: str
) -> None:
    age = ContractColumn(column=Column(name="age", kind=Kind.NUMERIC), importance=importance)
    old = Contract(id="x", title="t", columns=(age,), metric=metric)
    text = describe_changes(compare_contracts(old, Contract(id="x", title="t")), metric=metric)
    assert "1 change will hurt the model" in text
    assert said in text
    assert "not known" not in describe_changes((), metric="")
