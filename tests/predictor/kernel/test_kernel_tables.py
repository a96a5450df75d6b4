import numpy as np
import pytest

from modelwright.predictor.kernel import tables
from modelwright.predictor.kernel.tables import aligned, keep_together, placed


@pytest.mark.parametrize("where", ["large pages", "pages of a host without large ones", "anywhere"])
def test_no_table_lies_on_another(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    monkeypatch.setattr(tables, "_rest", None)
    if where != "anywhere":
        keep_together()
    if where == "pages of a host without large ones":
        monkeypatch.delattr(tables.mmap, "MADV_HUGEPAGE", raising=False)
    large = (3 << 20) // 8
    made = [placed(np.full((size, 1), size, dtype=np.float64)) for size in (1, large, 0, 9, large)]
    zeros = aligned(5, np.dtype([("a", np.int32), ("b", np.int8)]))
    assert not zeros["a"].any()
    for table in made:
        assert (table == len(table)).all()
        assert table.ctypes.data % 64 == 0
