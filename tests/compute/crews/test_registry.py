import sys

import pytest

from modelwright.compute.crews.registry import open_crew
from modelwright.errors import MissingDependencyError


def test_without_ray_the_command_that_installs_it_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with (
        pytest.raises(MissingDependencyError, match=r"pip install 'modelwright\[ray\]'"),
        open_crew("ray", report=print),
    ):
        pass


def test_who_works_elsewhere_is_told():
    told = []
    with open_crew("processes?workers=1", report=told.append):
        pass
    with open_crew("here", report=told.append):
        pass
    assert told == ["The work is done by 1 process of this machine"]
