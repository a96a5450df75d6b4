"""The parameters of a configuration, read and changed."""

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeAlias, cast

from modelwright.errors import InputError
from modelwright.learners.base import Learner

Setting: TypeAlias = str | int | float | bool | None


def settings_of(learner: Learner) -> dict[str, Setting]:
    """Return the parameters of a learner by name, its own name aside.

    Only a dataclass has any; what is no plain value is left out.
    """
    recipe: Any = learner
    if not is_dataclass(recipe):
        return {}
    values = {each.name: getattr(recipe, each.name) for each in fields(recipe)}
    return {
        name: value
        for name, value in values.items()
        if name != "name" and (value is None or isinstance(value, str | int | float))
    }


def with_settings(learner: Learner, **settings: Setting) -> Learner:
    """Return a learner with other parameters.

    Raises
    ------
    InputError
        When it has no such parameter.
    """
    recipe: Any = learner
    if not settings:
        return learner
    try:
        return cast(Learner, replace(recipe, **settings))
    except TypeError as error:
        raise InputError(
            f"The learner {learner.name!r} cannot be configured as asked: {error}."
        ) from error
