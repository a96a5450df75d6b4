import pytest

from dossiers import flights_dossier, houses_dossier, penguins_dossier, wide_dossier
from modelwright.report.dossier import Dossier


@pytest.fixture
def flights() -> Dossier:
    return flights_dossier()


@pytest.fixture
def houses() -> Dossier:
    return houses_dossier()


@pytest.fixture
def penguins() -> Dossier:
    return penguins_dossier()


@pytest.fixture
def wide() -> Dossier:
    return wide_dossier()
