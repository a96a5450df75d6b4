import json
import sys
from dataclasses import replace

from example_bundle import make_bundle
from modelwright.predictor.bundle_folder import write_bundle
from modelwright.serving.measure import main, measure


def test_a_bundle_is_measured_where_it_is_served(tmp_path, monkeypatch, capsys):
    write_bundle(make_bundle(), tmp_path / "b")
    monkeypatch.setattr(sys, "argv", ["measure", str(tmp_path / "b")])
    assert main() == 0
    taken = json.loads(capsys.readouterr().out)
    assert taken["row_s"] > 0
    assert taken["load_s"] > 0
    assert taken["size_bytes"] > 1000


def test_a_model_without_recorded_rows_is_measured_too(tmp_path):
    write_bundle(replace(make_bundle(), cases=()), tmp_path / "b")
    assert measure(tmp_path / "b").row_s > 0


def test_what_is_no_bundle_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["measure", str(tmp_path)])
    assert main() == 2
    assert "no bundle" in capsys.readouterr().err
