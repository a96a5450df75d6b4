"""Transformers of scikit-learn: of raw columns, of numbers, and those made of others."""

from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from modelwright.learners.foreign.asked import encode_asked, is_asked
from modelwright.learners.foreign.base import refuse
from modelwright.learners.foreign.counting import counted
from modelwright.learners.foreign.draft import Draft
from modelwright.learners.foreign.given import Frame, Given, chosen, matrix_of, steps_of
from modelwright.learners.foreign.levels import encode, encodes
from modelwright.learners.foreign.scaling import is_sparse, scaled
from modelwright.learners.foreign.selection import choose
from modelwright.learners.foreign.texts import cuts_texts

_PASSES = (None, "passthrough")


def transformed(draft: Draft, transformers: Sequence[Any], given: Given) -> Given:
    """Write fitted transformers, one after the other, and return what the last one makes.

    Raises
    ------
    LearnerError
        When one has no place in a program.
    """
    waiting = [each for each in transformers if each not in _PASSES]
    while waiting:
        if isinstance(given, Frame) and is_asked(waiting[0]):
            given = encode_asked(draft, waiting.pop(0), given.names)
            continue
        if isinstance(given, Frame) and cuts_texts(waiting[0]):
            weighing = [*takewhile(_weighs, waiting[1:])]
            given = counted(draft, [waiting.pop(0), *weighing], given.names[0])
            given = _held(draft, given, sparse=True)
            del waiting[: len(weighing)]
            continue
        if isinstance(given, Frame) and _encodes(waiting[1:2]) and not _encodes(waiting[:1]):
            imputer, encoder = waiting[:2]
            given = _filled_levels(draft, imputer, encoder, given.names)
            given = _held(draft, given, sparse=getattr(encoder, "sparse_output", False))
            del waiting[:2]
            continue
        given = _transformed(draft, waiting.pop(0), given)
    return given


def _transformed(draft: Draft, transformer: Any, given: Given) -> Given:
    match type(transformer).__name__:
        case "Pipeline":
            return transformed(draft, steps_of(transformer), given)
        case "FeatureUnion" | "ColumnTransformer" if transformer.transformer_weights:
            raise refuse(f"A {type(transformer).__name__} that weighs its parts")
        case "FeatureUnion":
            parts = [
                matrix_of(draft, transformed(draft, steps_of(part), given))
                for _, part in transformer.transformer_list
                if part != "drop"
            ]
            return _held(draft, draft.beside(parts), sparse=not draft.sparse.isdisjoint(parts))
        case "ColumnTransformer":
            return _held(
                draft, _columns(draft, transformer, given), sparse=transformer.sparse_output_
            )
        case name if _encodes([transformer]):
            if not isinstance(given, Frame):
                raise refuse(f"A {name} of numbers that were computed before")
            made = encode(draft, transformer, given.names, ())
            return _held(draft, made, sparse=getattr(transformer, "sparse_output", False))
    matrix = matrix_of(draft, given)
    sparse = is_sparse(transformer, given=matrix in draft.sparse)
    return _held(draft, scaled(draft, transformer, matrix), sparse=sparse)


def _weighs(step: Any) -> bool:
    return type(step).__name__ == "TfidfTransformer"


def _held(draft: Draft, value: str, *, sparse: bool) -> str:
    """Note whether the pipeline holds a value as a sparse matrix, and return it."""
    (draft.sparse.add if sparse else draft.sparse.discard)(value)
    return value


def _filled_levels(draft: Draft, imputer: Any, encoder: Any, names: Sequence[str], /) -> str:
    """Write an encoder with what comes before it: only an imputer of levels may."""
    if type(imputer).__name__ != "SimpleImputer" or imputer.add_indicator:
        raise refuse(f"A {type(imputer).__name__} before an encoder")
    marks = imputer.missing_values
    if isinstance(marks, str) or (marks is not None and marks == marks):
        raise refuse(f"A SimpleImputer of {marks!r} before an encoder")
    return encode(draft, encoder, names, list(imputer.statistics_))


def _encodes(steps: Sequence[Any]) -> bool:
    return any(encodes(each) for each in steps)


def _columns(draft: Draft, transformer: Any, given: Given) -> str:
    """Write a ColumnTransformer: each part reads some columns, and they stand side by side."""
    values = []
    for _, part, columns in transformer.transformers_:
        if isinstance(part, str) and part == "drop":
            continue
        read = _given_of(draft, given, columns)
        if read is not None:
            values.append(matrix_of(draft, transformed(draft, steps_of(part), read)))
    if not values:
        raise refuse("A ColumnTransformer without columns")
    return draft.beside(values)


def _given_of(draft: Draft, given: Given, columns: Any) -> Given | None:
    """Return some columns of what is given; None where there are none."""
    if isinstance(given, Frame):
        names = chosen(given.names, columns)
        return Frame(names) if names else None
    places = chosen(range(draft.width(given)), columns)
    return choose(draft, given, places) if places else None
