import pytest

from example_bundle import make_covered_bundle
from modelwright.deploy.targets.base import Delivery
from modelwright.deploy.targets.forms import FORMS
from modelwright.deploy.targets.options import options_from
from modelwright.deploy.targets.sql import DIALECTS, TARGET
from modelwright.errors import InputError
from modelwright.predictor.bundle_folder import write_bundle


@pytest.fixture
def saved(tmp_path):
    write_bundle(make_covered_bundle(), tmp_path / "saved")
    return tmp_path / "saved"


@pytest.mark.parametrize("dialect", ["duckdb", "sqlite", "postgresql"])
def test_the_view_is_that_of_the_dialect(saved, dialect, out):
    delivery = Delivery.of(saved, options_from([f"dialect={dialect}"]))
    TARGET.write(delivery, out)
    FORMS[f"sql-{dialect}"].write(delivery, out.with_name("other"))
    assert (out / "model.sql").read_bytes() == (out.with_name("other") / "model.sql").read_bytes()
    assert all(each.passed is not False for each in TARGET.validate(out))


def test_the_usual_dialect_is_one_that_is_asked_here(saved, out):
    TARGET.write(Delivery.of(saved), out)
    assert all(each.passed for each in TARGET.validate(out))


def test_another_dialect_is_refused():
    assert set(DIALECTS) == {"postgresql", "duckdb", "sqlite", "mysql"}
    with pytest.raises(InputError, match="oracle"):
        options_from(["dialect=oracle"])


def test_a_view_that_somebody_changed_is_a_fault(saved, out):
    TARGET.write(Delivery.of(saved), out)
    (out / "model.sql").write_text("SELECT 1")
    assert any(each.passed is False for each in TARGET.validate(out))
