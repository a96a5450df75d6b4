"""Classes that belong to no library: nobody but their maker knows what they do."""

from collections.abc import Iterator
from typing import Any

from modelwright.learners.foreign.base import refuse
from modelwright.learners.foreign.given import steps_of

_LIBRARIES = frozenset(
    {"sklearn", "lightgbm", "xgboost", "catboost", "imblearn", "category_encoders", "sklearnex"}
)


def refuse_strangers(fitted: Any) -> None:
    """Refuse a model that has a class of another library, or of its maker.

    Parameters
    ----------
    fitted
        A pipeline, or a model.

    Raises
    ------
    LearnerError
        With the name of the class.
    """
    for part in _parts(fitted):
        module, name = type(part).__module__, type(part).__name__
        if module.partition(".")[0] not in _LIBRARIES:
            raise refuse(
                f"A {name} of {module}, which is no class of scikit-learn,",
                "Fit the pipeline with steps of scikit-learn in its place, compute its columns "
                "before, or export it to ONNX with a converter of your own: adopt takes graphs.",
            )


def _parts(part: Any) -> Iterator[Any]:
    """Yield what answers a row: steps, what they are made of, and the models behind them."""
    if not hasattr(part, "get_params"):
        return
    if hasattr(part, "best_estimator_"):
        # Whatever has searched answers nothing.
        yield from _parts(part.best_estimator_)
        return
    yield part
    inner = [each for each in steps_of(part) if each is not part]
    for name in ("transformers_", "transformer_list"):
        inner += [each[1] for each in getattr(part, name, ())]
    # Whatever has chosen columns answers nothing either.
    names = () if hasattr(part, "get_support") else ("estimator_", "regressor_", "final_estimator_")
    inner += [getattr(part, name) for name in names if hasattr(part, name)]
    members = getattr(part, "estimators_", ())
    inner += members if isinstance(members, list) else []
    for each in inner:
        yield from _parts(each)
