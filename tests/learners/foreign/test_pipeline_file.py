"""Files of pipelines; skops is stood in for where it is not installed."""

import sys
from io import BytesIO
from types import ModuleType
from zipfile import ZipFile

import joblib
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeRegressor

from modelwright.errors import InputError
from modelwright.learners.foreign.opening import open_model
from modelwright.learners.foreign.pipeline_file import open_pipeline


@pytest.fixture
def skops(monkeypatch):
    """Stand in for skops, which knows some types to be harmless; return those of a file."""
    unknown = []

    def load(file, trusted):
        assert trusted == unknown
        with ZipFile(file) as parts:
            return joblib.load(BytesIO(parts.read("held")))

    for name in ("skops", "skops.io"):
        fake = ModuleType(name)
        vars(fake).update(load=load, get_untrusted_types=lambda *, file: unknown)
        monkeypatch.setitem(sys.modules, name, fake)
    return unknown


def test_a_program_of_somebody_else_is_run_only_when_it_is_trusted(tmp_path):
    marker = tmp_path / "ran"
    joblib.dump(_Runs(marker), tmp_path / "model.joblib")
    with pytest.raises(InputError, match="--trust"):
        open_model(tmp_path / "model.joblib")
    assert not marker.exists()


def test_a_file_that_runs_no_code_needs_no_trust(skops, tmp_path):
    path = tmp_path / "model.skops"
    joblib.dump(LogisticRegression().fit([[1.0], [2.0]], ["a", "b"]), tmp_path / "held")
    with ZipFile(path, "w") as parts:
        parts.write(tmp_path / "held", "held")
    foreign = open_model(path, columns=["age"])
    assert foreign.title == "LogisticRegression"
    skops.append("churn.Encoder")
    with pytest.raises(InputError, match=r"harmless: churn.Encoder.*--trust"):
        open_model(path, columns=["age"])
    assert open_model(path, columns=["age"], trusted=True).title == "LogisticRegression"


def test_a_small_file_of_much_is_refused(skops, tmp_path, monkeypatch):
    path = tmp_path / "model.skops"
    monkeypatch.setattr("modelwright.learners.foreign.pipeline_file.MOST_BYTES", 99)
    with ZipFile(path, "w") as parts:
        parts.writestr("held", b"0" * 100)
    with pytest.raises(InputError, match="unpacks to 100 bytes"):
        open_pipeline(path, trusted=True, columns=(), labels=())
    encrypted = bytearray(path.read_bytes())
    for head in (b"PK\x03\x04\x14\x00", b"PK\x01\x02\x14\x03\x14\x00"):
        encrypted[encrypted.index(head) + len(head)] |= 1
    path.write_bytes(encrypted)
    monkeypatch.setattr("modelwright.learners.foreign.pipeline_file.MOST_BYTES", 999)
    with pytest.raises(InputError, match="cannot be read here: RuntimeError"):
        open_pipeline(path, trusted=True, columns=(), labels=())
    path.write_bytes(b"no")
    with pytest.raises(InputError, match="cannot be read here: BadZipFile"):
        open_pipeline(path, trusted=True, columns=(), labels=())


@pytest.mark.parametrize(
    ("held", "words"),
    [
        ({"model": 1}, "holds a dict"),
        ([1, 2], "holds a list"),
        (LogisticRegression(), "not fitted"),
        (make_pipeline(StandardScaler(), LogisticRegression()), "not fitted"),
        (DecisionTreeRegressor().fit([[1.0], [2.0]], [[1.0, 2.0], [2.0, 3.0]]), "several targets"),
    ],
)
def test_what_is_no_fitted_model_of_one_target_is_said(tmp_path, held, words):
    joblib.dump(held, tmp_path / "model.joblib")
    with pytest.raises(InputError, match=words):
        open_model(tmp_path / "model.joblib", trusted=True)


class _Runs:
    """Unpickled, it writes a file."""

    def __init__(self, marker) -> None:
        self._marker = marker

    def __reduce__(self):
        return (self._marker.write_text, ("ran",))
