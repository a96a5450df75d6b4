import sys
from dataclasses import replace

import msgspec
import pytest

from example_bundle import make_bundle
from modelwright.predictor.bundle_folder import write_bundle
from modelwright.serving.check import differing_cases, main


@pytest.fixture
def check(tmp_path, monkeypatch):
    def run(bundle):
        if bundle is not None:
            write_bundle(bundle, tmp_path / "bundle")
        monkeypatch.setattr(sys, "argv", ["check", str(tmp_path / "bundle")])
        return main()

    return run


def test_a_bundle_answers_as_it_was_recorded(check, capsys):
    assert check(make_bundle()) == 0
    assert "16 of 16 recorded answers, bit for bit" in capsys.readouterr().out


def test_an_answer_that_differs_by_one_bit_is_found(check, capsys):
    bundle = make_bundle()
    first, *others = bundle.cases
    moved = msgspec.structs.replace(first, expected=(first.expected[0] + 2**-53, first.expected[1]))
    bundle = replace(bundle, cases=(moved, *others))
    assert differing_cases(bundle) == ["row 1"]
    assert check(bundle) == 1
    assert "Answered otherwise here: row 1" in capsys.readouterr().err


def test_a_model_without_recorded_rows_has_none_that_differs():
    assert differing_cases(replace(make_bundle(), cases=())) == []


def test_what_is_no_bundle_is_said(check, capsys):
    assert check(None) == 2
    assert "no bundle" in capsys.readouterr().err
