import shutil
from dataclasses import replace

import pytest

from example_bundle import make_bundle
from modelwright.errors import BundleError
from modelwright.predictor.bundle_folder import read_bundle, write_bundle
from modelwright.serving.trials.lineup import Lineup
from modelwright.serving.workers.supply import Supply, require_recorded_answers


def test_another_folder_is_noticed_and_read(tmp_path):
    first = write_bundle(make_bundle(), tmp_path / "first")
    facts = replace_facts(make_bundle())
    second = write_bundle(facts, tmp_path / "second")
    named = [tmp_path / "first"]
    supply = Supply(lambda: Lineup(named[0]))
    assert (supply.bundle.hash, supply.names_another()) == (first, False)
    named[0] = tmp_path / "second"
    assert supply.names_another()
    assert supply.renew().hash == supply.bundle.hash == second
    assert not supply.names_another()


def test_a_damaged_bundle_is_not_taken_and_not_tried_again_and_again(tmp_path):
    first = write_bundle(make_bundle(), tmp_path / "first")
    shutil.copytree(tmp_path / "first", tmp_path / "second")
    (tmp_path / "second" / "schema.json").write_bytes(b"{}")
    named = [tmp_path / "first"]
    supply = Supply(lambda: Lineup(named[0]))
    named[0] = tmp_path / "second"
    with pytest.raises(BundleError):
        supply.renew()
    assert supply.bundle.hash == first
    assert not supply.names_another()


def test_a_bundle_that_answers_otherwise_than_recorded_is_refused(tmp_path):
    write_bundle(make_bundle(), tmp_path / "bundle")
    bundle = read_bundle(tmp_path / "bundle")
    require_recorded_answers(bundle)
    case = bundle.cases[0]
    forged = type(case)(name=case.name, record=case.record, expected=(0.5, 0.5))
    with pytest.raises(BundleError, match="otherwise than recorded"):
        require_recorded_answers(replace(bundle, cases=(forged,)))


def test_names_that_cannot_be_read_now_are_read_later(tmp_path):
    write_bundle(make_bundle(), tmp_path / "bundle")

    def find():
        if len(asked) > 1:
            raise BundleError("being written")
        asked.append(1)
        return Lineup(tmp_path / "bundle")

    asked: list[int] = []
    supply = Supply(find)
    asked.append(1)
    assert not supply.names_another()


def replace_facts(bundle):
    """Return the same model under another hash."""
    return replace(bundle, card_text="# Another\n")


@pytest.mark.skipif(shutil.which("g++") is None, reason="there is no g++")
def test_a_bundle_is_compiled_before_it_answers(tmp_path, monkeypatch):
    monkeypatch.setenv("MODELWRIGHT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("modelwright.predictor.program.library", lambda: None)
    write_bundle(make_bundle(), tmp_path / "bundle")
    supply = Supply(lambda: Lineup(tmp_path / "bundle"), compiled=True)
    assert supply.bundle.runner is not None
    assert supply.renew().runner is not None
    assert len([*(tmp_path / "cache").glob("*.so")]) == 1
