import sys

import numpy as np
import pytest

from modelwright.compute.budget import Budget
from modelwright.compute.crews.processes import Processes
from modelwright.errors import ServiceError
from modelwright.testing import check_crew


@pytest.fixture(scope="module")
def told():
    return []


@pytest.fixture(scope="module")
def crew(told):
    crew = Processes(workers=2, memory_bytes=2_000_000_000, report=told.append)
    yield crew
    crew.close()


def test_processes_keep_the_contract_of_crews(crew, told, tmp_path):
    check_crew(crew, marker=tmp_path / "ended")
    assert told == ["A worker was lost: its piece of work begins again. Its process ended."]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the memory of a process")
def test_a_limit_of_memory_is_told(crew):
    with pytest.raises(ServiceError, match=r"more memory than 2\.0 GB"):
        crew.ask(_hoard, crew.share(None), 4_000_000_000, budget=Budget.start(60))
    assert crew.ask(_hoard, crew.share(None), 1_000, budget=Budget.start(60)).made == 1_000


def test_a_process_takes_no_module_from_the_folder_where_it_is_started(crew):
    assert crew.ask(_is_safe, crew.share(None), None, budget=Budget.start(60)).made


def _is_safe(nothing, order, budget):
    return sys.flags.safe_path


def _hoard(nothing, count, budget):
    return len(np.zeros(count, dtype=np.int8))
