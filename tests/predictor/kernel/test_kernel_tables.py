import numpy as np
import pytest

from modelwright.predictor.kernel import tables
from modelwright.predictor.kernel.tables import aligned, placed


@pytest.mark.parametrize("has_large_pages", [True, False])
def test_tables_lie_side_by_side_and_not_on_each_other(
    monkeypatch: pytest.MonkeyPatch, has_large_pages: bool
) -> None:
    monkeypatch.setattr(tables, "_rest", tables._rest[:0])
    if not has_large_pages:
        monkeypatch.delattr(tables.mmap, "MADV_HUGEPAGE", raising=False)
    large = (3 << 20) // 8
    made = [placed(np.full((size, 1), size, dtype=np.float64)) for size in (1, large, 0, 9, large)]
    zeros = aligned(5, np.dtype([("a", np.int32), ("b", np.int8)]))
    assert not zeros["a"].any()
    for table in made:
        assert (table == len(table)).all()
        assert table.ctypes.data % 64 == 0
