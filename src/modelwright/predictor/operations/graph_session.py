"""The one door to onnxruntime: a graph that is checked, and then asked row by row."""

from collections.abc import Iterator, Sequence
from functools import cache
from threading import Lock
from typing import Any

import numpy as np

from modelwright._plugins import require
from modelwright.errors import BundleError
from modelwright.predictor.operations.base import Floats, Value

_DOMAINS = frozenset({"", "ai.onnx", "ai.onnx.ml"})
_OTHERS = frozenset({("com.microsoft", "Tokenizer")})
"""Operators that are no part of ONNX, and that onnxruntime has of its own."""
_BARRED = {
    **dict.fromkeys(
        ("RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Bernoulli"),
        "answers by chance",
    ),
    "Multinomial": "answers by chance",
    "Loop": "may never end",
    "StringNormalizer": "needs a locale that hosts seldom have",
}
_REFUSALS = ("Fail", "InvalidArgument", "InvalidGraph", "NotImplemented", "RuntimeException")
_NUMBERS: dict[str, Any] = {
    "tensor(float)": np.float32,
    "tensor(double)": np.float64,
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
    "tensor(bool)": np.bool_,
}
_TEXTS = "tensor(string)"
_MOST_INSIDE = 4
"""Graphs inside of each other: onnxruntime's time doubles with each."""
MOST_MEMORY = 1 << 30
"""That all graphs of a process take together: one of a few bytes may ask for any amount."""
_BOUNDING = Lock()
_FAR, _FAR_INT32 = 2.0**62, 2.0**30
"""Whole numbers beyond are taken for missing, which is the least one there is."""


class GraphSession:
    """A graph, ready to answer.

    Parameters
    ----------
    model
        As a file holds it.

    Raises
    ------
    BundleError
        When it is damaged, or could do something else than answer.
    MissingDependencyError
        When onnx or onnxruntime is not installed.
    """

    def __init__(self, model: bytes) -> None:
        check_graph(model)
        self._session = session_of(model)
        self._inputs = self._session.get_inputs()
        outputs = [each.type for each in self._session.get_outputs()]
        if len(outputs) != 1 or outputs[0] not in _NUMBERS:
            raise BundleError(f"The graph answers {', '.join(outputs)}, not one value of numbers.")

    def answers(self, given: Sequence[Sequence[Value]]) -> Iterator[Floats | None]:
        """Yield what the graph answers to each row, as numbers in one dimension; None for a fault.

        Parameters
        ----------
        given
            For each input of the graph the values that it takes: numbers of shape (rows, width),
            texts of shape (rows,).

        Raises
        ------
        BundleError
            When the graph has other inputs.
        """
        if len(given) != len(self._inputs):
            raise BundleError(f"The graph has {len(self._inputs)} inputs, not {len(given)}.")
        feeds = {
            each.name: as_input(columns, each.type, len(each.shape))
            for each, columns in zip(self._inputs, given, strict=True)
        }
        for row in range(len(given[0][0])):
            yield self._asked({name: feed[row : row + 1] for name, feed in feeds.items()})

    def _asked(self, feeds: dict[str, Value]) -> Floats | None:
        """Ask for a row: most graphs fail on some numbers, such as a place in no list."""
        try:
            (found,) = self._session.run(None, feeds)
        except refusals():
            return None
        return np.asarray(found, dtype=np.float64).ravel()


def session_of(model: bytes) -> Any:
    """Return a session of onnxruntime.

    Raises
    ------
    BundleError
        When it cannot run the graph.
    MissingDependencyError
        When it is not installed.
    """
    runtime = require("onnxruntime", extra="onnx")
    options = runtime.SessionOptions()
    # One thread, whose sums are always the same; and nothing on the terminal.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    with _BOUNDING:
        _bound_memory()
    options.add_session_config_entry("session.use_env_allocators", "1")
    try:
        return runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except refusals() as error:
        raise BundleError(f"onnxruntime cannot run the graph: {_first_line(error)}") from error


@cache
def _bound_memory() -> None:
    runtime = require("onnxruntime", extra="onnx")
    kinds, types = runtime.OrtAllocatorType, runtime.OrtMemType
    place = runtime.OrtMemoryInfo("Cpu", kinds.ORT_ARENA_ALLOCATOR, 0, types.DEFAULT)
    runtime.create_and_register_allocator(place, runtime.OrtArenaCfg({"max_mem": MOST_MEMORY}))


def as_input(columns: Sequence[Value], kind: str, dimensions: int) -> Value:
    """Return columns as an input of a graph takes them, one row after another.

    Parameters
    ----------
    columns
        Numbers of shape (rows, width), or texts of shape (rows,).
    kind
        The input's type as onnxruntime says it, such as ``"tensor(float)"``.
    dimensions
        Of the input: one takes a single column.

    Raises
    ------
    BundleError
        When it takes something else.

    Examples
    --------
    >>> as_input([np.array([[1.0], [np.nan]])], "tensor(float)", 2).tolist()
    [[1.0], [nan]]
    >>> as_input([np.array(["a", None], dtype=object)], "tensor(string)", 1).tolist()
    ['a', '']
    """
    if kind != _TEXTS and kind not in _NUMBERS:
        raise BundleError(f"The graph reads a {kind}, which is no column of a table.")
    made = [_texts(each) if kind == _TEXTS else _numbers(each, _NUMBERS[kind]) for each in columns]
    return made[0] if dimensions == 1 else np.column_stack(made)


def check_graph(model: bytes) -> None:
    """Refuse a graph that could do something else than answer, and answer always the same.

    Raises
    ------
    BundleError
        When it is damaged, keeps numbers in other files, or has operators of others.
    """
    onnx = require("onnx", extra="onnx")
    unreadable = require("google.protobuf.message", extra="onnx").DecodeError
    try:
        read = onnx.load_model_from_string(model)
        faults = _faults(read, onnx.TensorProto.EXTERNAL)
        if not faults:
            onnx.checker.check_model(read)
    except (unreadable, onnx.checker.ValidationError, ValueError) as error:
        raise BundleError(f"The graph is damaged: {_first_line(error)}") from error
    if faults:
        raise BundleError(f"The graph has {faults[0]}.", "Export the model without.")


def boundless(model: Any) -> list[str]:
    """Return what makes a small model take much time or memory, as phrases.

    Parameters
    ----------
    model
        As the library onnx has read it, with or without its numbers in other files.
    """
    found = []
    if _graphs_inside(model) > _MOST_INSIDE:
        found.append(f"more than {_MOST_INSIDE} graphs inside of each other")
    if any(part.DESCRIPTOR.name == "SparseTensorProto" for part in parts_of(model)):
        found.append("sparse numbers, which may be far more than its bytes")
    return found


def parts_of(message: Any) -> Iterator[Any]:
    """Yield a message of protobuf and all that are in it, wherever they are."""
    yield message
    for inner in _inside(message):
        yield from parts_of(inner)


def _inside(message: Any) -> Iterator[Any]:
    for field, value in message.ListFields():
        if field.message_type is not None:
            yield from [value] if hasattr(value, "ListFields") else value


def _graphs_inside(message: Any) -> int:
    inner: int = max(map(_graphs_inside, _inside(message)), default=0)
    return inner + int(message.DESCRIPTOR.name == "GraphProto")


def _faults(model: Any, external: int) -> list[str]:
    """Return what a graph has that none may have, as phrases."""
    faults = boundless(model)
    for part in parts_of(model):
        match part.DESCRIPTOR.name:
            case "TensorProto" if part.data_location == external or len(part.external_data):
                faults.append("numbers in another file")
            case "FunctionProto":
                faults.append(f"a function of its own, {part.name}")
            case "NodeProto":
                faults += _faults_of_operator(part.domain, part.op_type)
    return faults


def _faults_of_operator(domain: str, name: str) -> list[str]:
    if domain not in _DOMAINS and (domain, name) not in _OTHERS:
        return [f"the operator {name} of {domain}, which is not ONNX's"]
    return [f"the operator {name}, which {_BARRED[name]}"] if name in _BARRED else []


def _texts(column: Value) -> Value:
    return np.array(["" if each is None else each for each in column], dtype=object)


def _numbers(column: Value, kind: Any) -> Value:
    numbers = np.asarray(column, dtype=np.float64)
    numbers = numbers.ravel() if numbers.size == len(numbers) else numbers
    if np.issubdtype(kind, np.floating):
        with np.errstate(over="ignore"):
            return numbers.astype(kind)
    lowest = 0 if kind is np.bool_ else np.iinfo(kind).min
    whole = np.full(numbers.shape, lowest, dtype=kind)
    known = np.abs(numbers) < (_FAR if kind is not np.int32 else _FAR_INT32)
    whole[known] = numbers[known].astype(kind)
    return whole


def refusals() -> tuple[type[Exception], ...]:
    """Return what onnxruntime raises, none of which is an error of Python's."""
    faults = require("onnxruntime.capi.onnxruntime_pybind11_state", extra="onnx")
    return tuple(getattr(faults, name) for name in _REFUSALS)


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)[:300]
