"""Vectorizers of scikit-learn: how each cuts a text, and how it counts tokens that are cut."""

from typing import Any, Literal, cast

from modelwright.learners.foreign.given import steps_of
from modelwright.predictor.operations.cutting import Cut, spelled

VECTORIZERS = frozenset({"CountVectorizer", "HashingVectorizer", "TfidfVectorizer"})
_SHORTEST = {r"(?u)\b\w\w+\b": 2, r"\b\w\w+\b": 2, r"(?u)\b\w+\b": 1, r"\b\w+\b": 1, r"\w+": 1}
_SHORTEST |= {r"\w{1,}": 1, r"(?u)\w+": 1, r"(?u)\w{1,}": 1}
"""Letters of the shortest word, by the patterns of words that say no more."""


def cuts_texts(step: Any) -> bool:
    """Say whether a step reads texts."""
    return type(step).__name__ in VECTORIZERS


def reads_list(fitted: Any) -> bool:
    """Say whether a model takes a list of texts and no table.

    Parameters
    ----------
    fitted
        A pipeline, or a model that holds one.
    """
    first = steps_of(fitted)[0]
    if type(first).__name__ == "FeatureUnion":
        return any(reads_list(part) for _, part in first.transformer_list if part != "drop")
    inner = [*_held(first)]
    return cuts_texts(first) or (bool(inner) and reads_list(inner[0]))


def _held(model: Any) -> list[Any]:
    """Return the fitted models that another one is made of."""
    for name in ("best_estimator_", "estimator_", "regressor_"):
        if hasattr(model, name):
            return [getattr(model, name)]
    if hasattr(model, "calibrated_classifiers_"):
        return [each.estimator for each in model.calibrated_classifiers_]
    return [each for each in getattr(model, "estimators_", ()) if hasattr(each, "steps")]


def hashes(vectorizer: Any) -> bool:
    """Say whether a vectorizer counts buckets and not tokens."""
    return type(vectorizer).__name__ == "HashingVectorizer"


def cut_of(vectorizer: Any) -> Cut | None:
    """Return how a vectorizer cuts a text; None where that is a function of somebody's own."""
    told = vectorizer.get_params()
    own = told["preprocessor"], told["tokenizer"]
    accents = told["strip_accents"] or "kept"
    known = isinstance(told["analyzer"], str) and isinstance(accents, str) and own == (None, None)
    shortest = _SHORTEST.get(told["token_pattern"]) if told["analyzer"] == "word" else 2
    if not known or shortest is None:
        return None
    return Cut(
        analyzer=told["analyzer"],
        lengths=(int(told["ngram_range"][0]), int(told["ngram_range"][1])),
        lowercase=bool(told["lowercase"]),
        accents=cast(Literal["kept", "unicode", "ascii"], accents),
        shortest=cast(Literal[1, 2], shortest),
        stopped=tuple(sorted(vectorizer.get_stop_words() or ())),
        buckets=int(vectorizer.n_features) if hashes(vectorizer) else 0,
    )


def count_cut(vectorizer: Any, place: int) -> None:
    """Let a vectorizer count the tokens of texts that were cut before, as one of several.

    Parameters
    ----------
    vectorizer
        A copy, which is changed.
    place
        Its own among the cuts of the column.
    """
    vectorizer.set_params(
        analyzer="word",
        lowercase=False,
        ngram_range=(1, 1),
        stop_words=None,
        strip_accents=None,
        token_pattern=r"(?u)\b\w\w+\b",
    )
    vectorizer.vocabulary_ = {
        spelled(token, place): number for token, number in vectorizer.vocabulary_.items()
    }
