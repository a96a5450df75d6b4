import shutil
from pathlib import Path

import pytest

from modelwright.engineer.project import Project
from orders_example import finished_folder


@pytest.fixture
def project(tmp_path, tmp_path_factory, monkeypatch) -> Project:
    """A finished project in a folder of its own, which is the present folder."""
    folder = tmp_path / "orders"
    shutil.copytree(finished_folder(tmp_path_factory.getbasetemp()), folder)
    monkeypatch.chdir(folder)
    return Project.open("orders-model")


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """An empty folder, which is the present one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
