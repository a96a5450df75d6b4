import json

import catboost
import numpy as np
import pytest
from lightgbm import LGBMClassifier, LGBMRegressor
from xgboost import XGBClassifier, XGBRegressor

from foreign_models import TASKS, passengers
from modelwright.errors import InputError, LearnerError
from modelwright.learners.foreign.opening import open_model
from modelwright.learners.foreign.pipeline import FittedPipeline

_READS = ["age", "fare", "class"]


@pytest.fixture(scope="module")
def table():
    return passengers()


def _columns(table):
    return {name: table[name].to_numpy(dtype=np.float64) for name in _READS}


def test_a_booster_of_lightgbm_is_its_file(table, tmp_path):
    model = LGBMClassifier(n_estimators=5, verbose=-1).fit(table[_READS], table["yes"])
    model.booster_.save_model(tmp_path / "model.txt")
    opened = open_model(tmp_path / "model.txt")
    program = opened.program(TASKS["yes"])
    own = model.predict_proba(table[_READS])
    np.testing.assert_allclose(program.run(_columns(table)), own, rtol=1e-12)
    assert [need.name for need in opened.needs] == _READS
    turned = open_model(tmp_path / "model.txt", classes=("yes", "no")).program(TASKS["yes"])
    np.testing.assert_allclose(turned.run(_columns(table)), own[:, ::-1], rtol=1e-12)


@pytest.mark.parametrize("name", ["model.json", "model.ubj"])
def test_a_booster_of_xgboost_is_its_file(table, tmp_path, name):
    model = XGBClassifier(n_estimators=5).fit(table[_READS], table["level"])
    model.save_model(tmp_path / name)
    program = open_model(tmp_path / name).program(TASKS["level"])
    own = model.predict_proba(table[_READS])
    np.testing.assert_allclose(program.run(_columns(table)), own, rtol=1e-5)


@pytest.mark.parametrize("name", ["model.cbm", "model.json"])
@pytest.mark.parametrize("target", ["yes", "level", "count"])
def test_a_model_of_catboost_is_its_file(table, tmp_path, name, target):
    settings = {"iterations": 5, "verbose": 0, "allow_writing_files": False, "thread_count": 1}
    numbers = catboost.CatBoostRegressor(loss_function="Poisson", **settings)
    model = numbers if target == "count" else catboost.CatBoostClassifier(**settings)
    model.fit(table[_READS], table[target])
    model.save_model(str(tmp_path / name), format="json" if "json" in name else "cbm")
    program = open_model(tmp_path / name).program(TASKS[target])
    own = model.predict(table[_READS]) if target == "count" else model.predict_proba(table[_READS])
    np.testing.assert_allclose(program.run(_columns(table)).squeeze(), own, rtol=1e-12)
    pickled = FittedPipeline(model, columns=_READS)
    assert [need.name for need in pickled.needs] == _READS
    own_order = pickled.program(TASKS[target]).run(_columns(table)).squeeze()
    np.testing.assert_allclose(own_order, own, rtol=1e-12)


def test_categories_that_catboost_encodes_are_refused(table, tmp_path):
    settings = {"iterations": 2, "verbose": 0, "allow_writing_files": False, "thread_count": 1}
    model = catboost.CatBoostClassifier(cat_features=["sex"], **settings)
    model.fit(table[["age", "sex"]], table["yes"]).save_model(str(tmp_path / "model.cbm"))
    with pytest.raises(LearnerError, match="encoded categories"):
        open_model(tmp_path / "model.cbm").program(TASKS["yes"])


@pytest.mark.parametrize(
    ("model", "task", "words"),
    [
        (LGBMRegressor(n_estimators=2, verbose=-1), "yes", "answers numbers"),
        (LGBMRegressor(n_estimators=2, verbose=-1, linear_tree=True), "price", "linear leaves"),
        (LGBMRegressor(n_estimators=2, verbose=-1, zero_as_missing=True), "price", "zero for"),
    ],
)
def test_what_lightgbm_does_otherwise_is_refused(table, tmp_path, model, task, words):
    model.fit(table[_READS], table["price"])
    model.booster_.save_model(tmp_path / "model.txt")
    with pytest.raises(LearnerError, match=words):
        open_model(tmp_path / "model.txt").program(TASKS[task])


def test_a_booster_that_stopped_early_answers_with_its_best_rounds(table, tmp_path):
    model = XGBClassifier(n_estimators=60, early_stopping_rounds=3, learning_rate=0.9)
    learned, judged = table[:150], table[150:]
    shown = [(judged[_READS], judged["level"])]
    model.fit(learned[_READS], learned["level"], eval_set=shown, verbose=False)
    assert model.best_iteration + 1 < model.get_booster().num_boosted_rounds()
    model.save_model(tmp_path / "model.json")
    program = open_model(tmp_path / "model.json").program(TASKS["level"])
    own = model.predict_proba(table[_READS])
    np.testing.assert_allclose(program.run(_columns(table)), own, rtol=1e-5)


def test_a_file_that_ends_too_early_is_refused(table, tmp_path):
    model = LGBMClassifier(n_estimators=5, verbose=-1).fit(table[_READS], table["yes"])
    text = model.booster_.model_to_string()
    (tmp_path / "model.txt").write_text(text[: text.index("\nTree=3\n")])
    with pytest.raises(LearnerError, match="ends before its last tree"):
        open_model(tmp_path / "model.txt").program(TASKS["yes"])


@pytest.mark.parametrize("child", [0, 99])
def test_trees_that_lead_nowhere_are_refused(table, tmp_path, child):
    model = XGBClassifier(n_estimators=1, max_depth=2).fit(table[_READS], table["seen"])
    model.save_model(tmp_path / "model.json")
    told = json.loads((tmp_path / "model.json").read_text())
    tree = told["learner"]["gradient_booster"]["model"]["trees"][0]
    tree["left_children"][0] = child
    (tmp_path / "model.json").write_text(json.dumps(told))
    with pytest.raises(LearnerError, match="is damaged"):
        open_model(tmp_path / "model.json").program(TASKS["seen"])


@pytest.mark.filterwarnings("ignore:.*is deprecated")
def test_what_xgboost_does_otherwise_is_refused(table, tmp_path):
    model = XGBRegressor(n_estimators=4, booster="dart", one_drop=1)
    model.fit(table[_READS], table["price"])
    model.save_model(tmp_path / "model.json")
    with pytest.raises(LearnerError, match="booster dart"):
        open_model(tmp_path / "model.json").program(TASKS["price"])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("model.json", b"{}"),
        ("model.json", b"no"),
        ("model.onnx", b"?"),
        ("model.cbm", b"?"),
        ("model.txt", b"text"),
        ("model.txt", b"tree\n\xff\nobjective=binary\nnum_class=x"),
        ("model.pkl", b"\x80"),
    ],
)
def test_what_is_no_model_is_said(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError):
        open_model(tmp_path / name, trusted=True)
    with pytest.raises(InputError, match="no file"):
        open_model(tmp_path / "absent.txt")
