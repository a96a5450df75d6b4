import joblib
import numpy as np
import polars as pl
import pytest
from sklearn.feature_extraction.text import (
    CountVectorizer,
    HashingVectorizer,
    TfidfTransformer,
    TfidfVectorizer,
)
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union

from foreign_models import TASKS
from modelwright.data.conform import columns_of, conform
from modelwright.data.schema import Column, Kind, Schema
from modelwright.errors import LearnerError
from modelwright.learners.foreign import counting
from modelwright.learners.foreign.opening import open_model
from modelwright.learners.foreign.pipeline import FittedPipeline
from modelwright.predictor.operations.graph import Graph

_WORDS = ["late", "soon", "µs", "Ärger", "a", "don't", "parcel"]


@pytest.fixture(scope="module")
def texts():
    draw = np.random.default_rng(0)
    made = [" ".join(draw.choice(_WORDS, 5)) + "!" for _ in range(80)]
    answers = ["yes" if "late" in text else "no" for text in made]
    return pl.DataFrame({"text": [*made[:-2], None, ""], "yes": answers})


@pytest.mark.parametrize(
    "vectorizer",
    [
        CountVectorizer(binary=True),
        make_union(
            TfidfVectorizer(stop_words="english", ngram_range=(1, 2), sublinear_tf=True),
            CountVectorizer(analyzer="char_wb", ngram_range=(2, 3), lowercase=False),
        ),
        make_pipeline(CountVectorizer(), TfidfTransformer(norm="l1", use_idf=False)),
        HashingVectorizer(n_features=11, ngram_range=(1, 2), norm="l1"),
        make_union(
            make_pipeline(
                HashingVectorizer(n_features=64, alternate_sign=False, norm=None, analyzer="char"),
                TfidfTransformer(),
            ),
            HashingVectorizer(n_features=5, binary=True),
        ),
    ],
)
def test_texts_are_counted_as_the_pipeline_counts_them(vectorizer, texts, tmp_path):
    model = make_pipeline(vectorizer, LogisticRegression())
    model.fit(texts["text"].fill_null(""), texts["yes"])
    joblib.dump(model, tmp_path / "model.joblib")
    foreign = open_model(tmp_path / "model.joblib", trusted=True, columns=("text",))
    schema = Schema(columns=tuple(Column(name=n.name, kind=n.kind) for n in foreign.needs))
    read = conform(texts, schema)
    program = foreign.program(TASKS["yes"])
    answers = program.run(columns_of(read, schema))
    np.testing.assert_allclose(answers, foreign.answers(read, TASKS["yes"]), rtol=1e-9)
    assert [need.kind for need in foreign.needs] == [Kind.TEXT]
    # What follows the graph is a program.
    assert not isinstance(program.steps[-1], Graph)


@pytest.mark.parametrize(
    ("vectorizer", "words"),
    [
        (CountVectorizer(token_pattern="[a-z]+"), "cuts texts in a way of its own"),
        (HashingVectorizer(), r"more than 100,000 columns .*n_features=2\*\*16"),
    ],
)
def test_other_cuts_and_too_many_buckets_are_refused(vectorizer, words, texts):
    model = make_pipeline(vectorizer, LogisticRegression())
    model.fit(texts["text"].fill_null(""), texts["yes"])
    with pytest.raises(LearnerError, match=words):
        FittedPipeline(model, ("text",)).program(TASKS["yes"])


def test_the_refusal_says_what_to_install(monkeypatch, texts):
    model = make_pipeline(CountVectorizer(), LogisticRegression())
    model.fit(texts["text"].fill_null(""), texts["yes"])
    monkeypatch.setattr(counting, "find_spec", lambda name: None)
    with pytest.raises(LearnerError, match=r"stays a graph of ONNX: .* 'modelwright\[onnx\]'"):
        FittedPipeline(model, ("text",)).program(TASKS["yes"])
