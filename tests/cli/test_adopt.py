import json
from pathlib import Path

import joblib
import numpy as np
import pytest

from foreign_models import passengers, pipelines
from modelwright.predictor.model import load

_READS = ["age", "fare", "class", "sex", "port"]


@pytest.fixture
def passengers_csv(folder):
    table = passengers(1_500)
    _, model = pipelines()["logistic"]
    model.fit(table[_READS][:500], table["yes"][:500])
    joblib.dump(model, "model.joblib")
    table[500:].to_csv("new.csv", index=False)
    return model, table[500:]


def test_a_pipeline_becomes_a_release_that_answers_as_it_did(passengers_csv, call):
    model, table = passengers_csv
    asked = ("adopt", "model.joblib", "--data", "new.csv", "--target", "yes", "-w", "w")
    refused = call(*asked, "-q")
    twice = call(*asked, "other.csv", "--trust", "-q")
    assert (twice.code, "name them once" in twice.err) == (2, True)
    assert (refused.code, "--trust" in refused.err) == (2, True)
    done = call(*asked, "--trust", "-q", "--json", "--budget", "20s")
    assert done.code == 0, done.err
    release = json.loads(done.out)
    findings = json.loads(Path("w/findings.json").read_text())
    # Nobody asked for a model that learns.
    assert [each["name"] for each in findings["plan"]["schemes"]] == ["adopted"]
    assert "the model is there already" in findings["unforeseen"]
    bundle = load(f"w/{release['bundle_path']}")
    assert set(bundle.bundle.schema.names) == set(_READS)
    own = model.predict_proba(table[_READS])
    np.testing.assert_allclose(bundle.predict_proba(table), own, rtol=1e-9)
    assert bundle.predict(table).tolist() == model.predict(table[_READS]).tolist()


def test_a_table_without_a_column_of_the_model_is_refused(passengers_csv, call):
    _, table = passengers_csv
    table.rename(columns={"fare": "fares"}).to_csv("other.csv", index=False)
    done = call("adopt", "model.joblib", "other.csv", "--target", "yes", "--trust", "-w", "w", "-q")
    assert done.code == 2
    assert "'fares'" in done.err
