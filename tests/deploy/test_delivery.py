import pytest

from example_bundle import make_bundle
from modelwright.deploy.delivery import deliver
from modelwright.deploy.targets.base import Validation
from modelwright.deploy.targets.folder import FolderTarget
from modelwright.deploy.targets.forms import FORMS
from modelwright.documents import Delivered, Deliveries
from modelwright.errors import BundleError, InputError
from modelwright.predictor.bundle_folder import write_bundle


def _silent(sentence: str) -> None: ...


@pytest.fixture
def bundle(tmp_path):
    write_bundle(make_bundle(), tmp_path / "bundle")
    return tmp_path / "bundle"


def test_one_target_is_the_folder_and_more_have_one_each(bundle, tmp_path):
    said: list[str] = []
    (local,) = deliver(bundle, tmp_path / "one", targets=["local", "local"], report=said.append)
    assert (tmp_path / "one" / "ctl").is_file()
    assert local.passed
    assert len(local.bundle_hash) == 64
    assert len(said) == 1
    both = deliver(bundle, tmp_path / "two", targets=["local", "docker"], report=_silent)
    assert [each.folder for each in both] == [
        str(tmp_path / "two" / "local"),
        str(tmp_path / "two" / "docker"),
    ]


def test_one_that_refuses_the_model_does_not_lose_the_others(bundle, tmp_path, monkeypatch):
    monkeypatch.setattr(type(FORMS["sql-sqlite"]), "write", _refuse_sql)
    refused, local = deliver(
        bundle, tmp_path / "out", targets=["sql-sqlite", "local"], report=_silent
    )
    assert [each.evidence for each in refused.validations] == ["It has no words. Write C++."]
    assert not refused.passed
    assert local.passed
    with pytest.raises(InputError, match="no words"):
        deliver(bundle, tmp_path / "one", targets=["sql-sqlite"], report=_silent)


def _refuse_sql(target, delivery, folder, write=FolderTarget.write):
    if target.name.startswith("sql"):
        raise InputError("It has no words.", "Write C++.")
    write(target, delivery, folder)


def test_nothing_is_written_when_one_of_the_folders_is_taken(bundle, tmp_path):
    (tmp_path / "out" / "docker").mkdir(parents=True)
    (tmp_path / "out" / "docker" / "mine.txt").write_text("1")
    with pytest.raises(InputError, match="holds something else"):
        deliver(bundle, tmp_path / "out", targets=["local", "docker"], report=_silent)
    assert not (tmp_path / "out" / "local").exists()


@pytest.mark.parametrize(("passed", "answer"), [(True, True), (None, True), (False, False)])
def test_a_fault_is_no_pass_and_what_was_not_checked_is_no_fault(passed, answer):
    done = Delivered("x", "An x.", "out", "0" * 64, (Validation("it is so", passed, "seen"),))
    assert done.passed is answer


def test_what_is_no_bundle_is_not_delivered(tmp_path):
    with pytest.raises(BundleError, match="no bundle"):
        deliver(tmp_path, tmp_path / "out", targets=["local"], report=_silent)


def test_the_last_delivery_of_a_target_and_bundle_is_kept():
    first, again, other, elsewhere = (
        Delivered(target, "An x.", folder, bundle, ())
        for target, folder, bundle in (
            ("x", "one", "a"),
            ("x", "two", "a"),
            ("x", "one", "b"),
            ("y", "one", "a"),
        )
    )
    kept = Deliveries(delivered=(first, other, elsewhere)).and_then((again,))
    assert kept == (other, elsewhere, again)
