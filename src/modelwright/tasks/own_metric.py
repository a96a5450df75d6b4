"""A metric that is a Python function of the person's own.

The brief names it as ``"file.py:function"``, or ``"minimize file.py:function"`` where less is
better; in Python it is the function itself. It is called with the truth and the prediction and
returns one number.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from numbers import Real
from typing import Any, Self, cast

import numpy as np
from numpy.typing import NDArray

from modelwright.errors import BriefError
from modelwright.tasks.function_name import Direction, FunctionName
from modelwright.tasks.metric import Metric, Takes
from modelwright.tasks.scores import Weighed
from modelwright.tasks.task import Task

Array = NDArray[Any]

_RESAMPLES = 200
"""A function in Python may be slow; 200 resamples tell a standard error to 5 %."""
_WEIGHTS = ("weight", "sample_weight")
"""Names of the argument by which a function takes the weights of the rows."""


@dataclass(frozen=True)
class OwnMetric:
    """A person's function, with what it takes and which direction is better.

    Parameters
    ----------
    call
        From truth and prediction to a number. The truth, (n,), is class indices or numbers. The
        prediction is (n,) values or class indices, the (n,) probabilities of the second of two
        classes, or (n, k) probabilities of more. With an argument ``weight`` or ``sample_weight``
        it gets the (n,) weights of the rows; without one, rows are repeated. Its attributes
        ``direction`` (``"maximize"``, the default, or ``"minimize"``) and ``takes``
        (``"probabilities"``, the default for classes, ``"classes"`` or ``"values"``) are read.
    name
        As documents write it.
    task
        What is scored.

    Examples
    --------
    >>> def worst(truth, prediction):
    ...     return abs(truth - prediction).max()
    >>> own = OwnMetric(worst, FunctionName("notebook", "worst"), Task(kind="regression"))
    >>> own.takes, own.direction
    ('values', 'maximize')
    >>> own.prepare(np.array([1.0, 2.0]), np.array([1.5, 2.0]))(np.ones(2))
    0.5
    """

    call: Callable[..., Any]
    name: FunctionName
    task: Task

    @classmethod
    def of(cls, function: Callable[..., Any], task: Task) -> Self:
        """Return a function that a person gives in Python.

        Raises
        ------
        BriefError
            It is no function.
        """
        if not callable(function):
            raise BriefError(
                f"The metric is {function!r}, expected a name or a function of truth and "
                "prediction."
            )
        module = getattr(function, "__module__", None) or "__main__"
        name = getattr(function, "__qualname__", type(function).__name__)
        return cls(function, FunctionName(module, name), task)

    @property
    def direction(self) -> Direction:
        """Whether more is better: as its name says, else its attribute, else more."""
        said = self.name.direction or getattr(self.call, "direction", "maximize")
        return cast(Direction, self._one_of("direction", said, ("maximize", "minimize")))

    @property
    def takes(self) -> Takes:
        """What it judges."""
        suitable = ("probabilities", "classes") if self.task.is_classification else ("values",)
        said = getattr(self.call, "takes", suitable[0])
        return cast(Takes, self._one_of("takes", said, suitable))

    def metric(self) -> Metric:
        """Return the metric, whose name says its direction.

        Raises
        ------
        BriefError
            The function cannot be called with truth and prediction, or its attributes contradict
            the task.
        """
        self._check_arguments()
        return Metric(
            # What reads a document later does not run the function.
            name=str(replace(self.name, direction=self.direction)),
            title=self.name.title,
            direction=self.direction,
            takes=self.takes,
            range=(-float("inf"), float("inf")),
            suits=(self.task.kind,),
            prepare=self.prepare,
            per_class=self.task.is_classification,
            most_resamples=_RESAMPLES,
        )

    def prepare(self, truth: Array, prediction: Array) -> Weighed:
        """Return a function from the weights of the rows to the score.

        Where rows lack a class, or all have the same number, a score need not be defined: there
        the function may raise, and the score is NaN.

        Raises
        ------
        BriefError
            When it is called: the function raises, or returns something else than a number.
        """
        two = self.takes == "probabilities" and prediction.shape[1] == 2
        arrays = (_read_only(truth), _read_only(prediction[:, 1] if two else prediction))
        complete = len(np.unique(truth)) >= max(2, len(self.task.classes))

        def weighed(weight: Array) -> float:
            alike = not len(weight) or bool(np.ptp(weight) == 0)
            if self._weight_argument is not None:
                named = {self._weight_argument: weight}
                return self._score(arrays, named, may_raise=not (alike and complete))
            if alike:
                return self._score(arrays, {}, may_raise=not complete)
            rows = self._repeated(weight)
            return self._score((arrays[0][rows], arrays[1][rows]), {}, may_raise=True)

        return weighed

    def _check_arguments(self) -> None:
        signature = _signature(self.call)
        if signature is None:
            return
        weight = {} if self._weight_argument is None else {self._weight_argument: None}
        try:
            signature.bind(None, None, **weight)
        except TypeError as error:
            raise BriefError(
                f"The metric '{self.name}' takes {signature}, expected (truth, prediction)."
            ) from error

    @cached_property
    def _weight_argument(self) -> str | None:
        signature = _signature(self.call)
        arguments = () if signature is None else signature.parameters
        return next((name for name in _WEIGHTS if name in arguments), None)

    def _repeated(self, weight: Array) -> Array:
        if not np.array_equal(weight, np.floor(weight)):
            raise BriefError(
                f"The metric '{self.name}' takes no weights, but the rows have them.",
                "Give it a third argument `weight`.",
            )
        return np.repeat(np.arange(len(weight)), weight.astype(np.int64))

    def _score(
        self, arrays: tuple[Array, Array], weight: Mapping[str, Array], *, may_raise: bool
    ) -> float:
        try:
            score = self.call(*arrays, **weight)
        except Exception as error:  # it is the person's code: it may raise anything
            if may_raise:
                return float("nan")
            raise BriefError(
                f"The metric '{self.name}' raised {type(error).__name__}: {error}.",
                "Mend the function.",
            ) from error
        number = score.item() if isinstance(score, np.ndarray) and score.ndim == 0 else score
        if not isinstance(number, Real):
            raise BriefError(
                f"The metric '{self.name}' returned {_in_words(number)}, expected one number."
            )
        return float(number) if np.isfinite(float(number)) else float("nan")

    def _one_of(self, attribute: str, said: object, known: tuple[str, ...]) -> str:
        if isinstance(said, str) and said in known:
            return said
        raise BriefError(
            f"The metric '{self.name}' has {attribute} = {said!r}, expected "
            f"{' or '.join(map(repr, known))} for {self.task.kind}."
        )


def _signature(function: Callable[..., Any]) -> inspect.Signature | None:
    try:
        return inspect.signature(function)
    except ValueError:  # some functions written in C tell none
        return None


def _read_only(values: Array) -> Array:
    """Return a view that the person's code cannot write to: others score the same rows."""
    view = values.view()
    view.flags.writeable = False
    return view


def _in_words(value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    return "nothing" if value is None else f"a value of type {type(value).__name__}"
