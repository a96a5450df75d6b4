"""A model of Keras as steps of a program: its layers in their order, each exact or refused."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from modelwright.learners.foreign.base import refuse
from modelwright.learners.foreign.draft import Draft
from modelwright.learners.foreign.layers import affine, bend, dense, embed, normalise, weighted

_REMEDY = "What can be read out: docs/extend/keras.md."
_LAST = ("sigmoid", "softmax")


def read_model(model: Any, draft: Draft, inputs: Sequence[str]) -> tuple[str, str]:
    """Write what a model makes of its inputs.

    Parameters
    ----------
    model
        A Sequential or functional model of Keras 3.
    draft
        The program so far.
    inputs
        The values that are its inputs, in their order.

    Returns
    -------
    tuple of str
        The value that is its raw scores, and what it makes of them: ``"sigmoid"``, ``"softmax"`` or
        ``"linear"``.

    Raises
    ------
    LearnerError
        When a part has no place in a program; it is named.
    """
    last = model.layers[-1]
    link = _activation(last.get_config().get("activation", "linear"))
    found = _outputs(model, draft, list(inputs), raw=last.name if link in _LAST else "")
    return found, link if link in _LAST else "linear"


def _outputs(model: Any, draft: Draft, inputs: list[str], *, raw: str = "") -> str:
    config = model.get_config()
    kind = type(model).__name__
    if "input_layers" in config:
        return _functional(model, config, draft, inputs, raw)
    if kind != "Sequential":
        raise refuse(f"A model of the class {kind}", "Write it as Sequential or functional.")
    value = inputs[0]
    for layer in model.layers:
        value = _layer(draft, layer, [value], raw=layer.name == raw)
    return value


def _functional(
    model: Any, config: Mapping[str, Any], draft: Draft, inputs: list[str], raw: str
) -> str:
    begins = _references(config["input_layers"])
    if len(begins) != len(inputs):
        raise refuse(f"A model of {len(begins)} inputs where there are {len(inputs)}", _REMEDY)
    values = dict(zip(begins, inputs, strict=True))
    for each in config["layers"]:
        name = each["name"]
        if name in values:
            continue
        if len(each["inbound_nodes"]) != 1:
            raise refuse(f"The layer {name}, which is used more than once,", _REMEDY)
        read = _references(each["inbound_nodes"])
        absent = [one for one in read if one not in values]
        if absent or not read:
            raise refuse(f"The layer {name}, whose inputs cannot be followed,", _REMEDY)
        layer = model.get_layer(name)
        values[name] = _layer(draft, layer, [values[one] for one in read], raw=name == raw)
    ends = _references(config["output_layers"])
    if len(ends) != 1:
        raise refuse(f"A model of {len(ends)} outputs", "Give it one.")
    return values[ends[0]]


def _references(tree: Any) -> list[str]:
    """Return the layers that a part of a configuration names, in their order."""
    if isinstance(tree, Mapping):
        history = tree.get("config", {}).get("keras_history") if "config" in tree else None
        if history is not None:
            return [str(history[0])]
        return [name for part in tree.values() for name in _references(part)]
    if isinstance(tree, list | tuple):
        if len(tree) == 3 and isinstance(tree[0], str) and isinstance(tree[1], int):
            return [tree[0]]
        return [name for part in tree for name in _references(part)]
    return []


def _layer(draft: Draft, layer: Any, values: list[str], *, raw: bool) -> str:
    kind = type(layer).__name__
    if kind in ("Sequential", "Functional"):
        return _outputs(layer, draft, values)
    known = type(layer).__module__.partition(".")[0] == "keras"
    if kind not in _LAYERS or not known:
        raise refuse(f"The layer {kind} ({layer.name})", _REMEDY)
    value = _LAYERS[kind](draft, layer, values)
    activation = _activation(layer.get_config().get("activation", "linear"))
    return value if raw else bend(draft, value, activation)


def _activation(told: Any) -> str:
    """Return the name of an activation as a layer's configuration has it."""
    if isinstance(told, Mapping):
        told = told.get("config")
    return str(told or "linear")


def _dense(draft: Draft, layer: Any, values: list[str]) -> str:
    kernel, *bias = _weights(layer)
    if kernel.ndim != 2 or kernel.shape[0] != draft.width(values[0]):
        raise refuse(f"The layer Dense ({layer.name}) of this shape", _REMEDY)
    return dense(draft, values[0], kernel, bias[0] if bias else None)


def _batch_norm(draft: Draft, layer: Any, values: list[str]) -> str:
    weights = _weights(layer)
    scale = weights.pop(0) if layer.scale else None
    shift = weights.pop(0) if layer.center else None
    mean, variance = weights
    return normalise(
        draft, values[0], mean=mean, variance=variance + layer.epsilon, scale=scale, shift=shift
    )


def _normalization(draft: Draft, layer: Any, values: list[str]) -> str:
    config = layer.get_config()
    if config.get("invert") or np.size(layer.mean) == 0:
        raise refuse(f"The layer Normalization ({layer.name}) that inverts", _REMEDY)
    mean, variance = (np.ravel(_array(each)) for each in (layer.mean, layer.variance))
    # As Keras keeps it from dividing by zero.
    spread = np.maximum(np.sqrt(variance), 1e-7)
    return affine(draft, values[0], 1.0 / spread, -mean / spread)


def _weights(layer: Any) -> list[Any]:
    return [_array(each) for each in layer.weights]


def _array(tensor: Any) -> Any:
    import keras

    return np.asarray(keras.ops.convert_to_numpy(tensor), dtype=np.float64)


def _rescaling(draft: Draft, layer: Any, values: list[str]) -> str:
    return affine(draft, values[0], np.ravel(layer.scale), np.ravel(layer.offset))


def _embedding(draft: Draft, layer: Any, values: list[str]) -> str:
    if draft.width(values[0]) != 1:
        raise refuse(f"The layer Embedding ({layer.name}) of several categories at once", _REMEDY)
    return embed(draft, values[0], _weights(layer)[0])


def _same(_: Draft, __: Any, values: list[str]) -> str:
    return values[0]


def _beside(draft: Draft, layer: Any, values: list[str]) -> str:
    if layer.axis not in (1, -1):
        raise refuse(f"The layer Concatenate ({layer.name}) along axis {layer.axis}", _REMEDY)
    return draft.beside(values)


def _sum(draft: Draft, _: Any, values: list[str]) -> str:
    return weighted(draft, values, [1.0] * len(values))


def _average(draft: Draft, _: Any, values: list[str]) -> str:
    return weighted(draft, values, [1.0 / len(values)] * len(values))


def _difference(draft: Draft, _: Any, values: list[str]) -> str:
    return weighted(draft, values, [1.0, -1.0])


def _leaky(draft: Draft, layer: Any, values: list[str]) -> str:
    return bend(draft, values[0], "leaky_relu", slope=float(layer.negative_slope))


def _elu(draft: Draft, layer: Any, values: list[str]) -> str:
    return bend(draft, values[0], "elu", alpha=float(layer.alpha))


def _relu(draft: Draft, layer: Any, values: list[str]) -> str:
    config = layer.get_config()
    if config.get("max_value") or config.get("negative_slope") or config.get("threshold"):
        raise refuse(f"The layer ReLU ({layer.name}) with a slope, a threshold or an end", _REMEDY)
    return bend(draft, values[0], "relu")


_LAYERS: Mapping[str, Callable[[Draft, Any, list[str]], str]] = {
    "InputLayer": _same,
    "Dense": _dense,
    "Activation": _same,
    "ReLU": _relu,
    "LeakyReLU": _leaky,
    "ELU": _elu,
    "BatchNormalization": _batch_norm,
    "Normalization": _normalization,
    "Rescaling": _rescaling,
    "Embedding": _embedding,
    "Dropout": _same,
    "AlphaDropout": _same,
    "GaussianDropout": _same,
    "GaussianNoise": _same,
    "ActivityRegularization": _same,
    "Identity": _same,
    "Flatten": _same,
    "Concatenate": _beside,
    "Add": _sum,
    "Average": _average,
    "Subtract": _difference,
}
"""Layers by the name of their class."""
