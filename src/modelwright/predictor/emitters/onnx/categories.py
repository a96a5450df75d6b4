"""Operations on categories as nodes."""

from collections.abc import Collection, Mapping

import numpy as np

from modelwright.predictor.emitters.identifiers import is_sound
from modelwright.predictor.emitters.onnx.graph import LEARNING, Graph
from modelwright.predictor.operations.categories import (
    FIRST_LEVEL_CODE,
    MISSING_CODE,
    RARE_CODE,
    UNKNOWN_CODE,
    Codes,
    CodeTable,
)

_INT64 = 7


def codes(graph: Graph, step: Codes, texts: str, missing: Collection[str]) -> str:
    """Give each text its code, where some texts mean that there is none."""
    known: dict[str, float] = dict.fromkeys(step.rare, RARE_CODE)
    known.update((level, FIRST_LEVEL_CODE + i) for i, level in enumerate(step.levels))
    known.update(dict.fromkeys(sorted(missing), MISSING_CODE))
    return look_up(graph, texts, known, other=float(UNKNOWN_CODE))


def code_table(graph: Graph, step: CodeTable, values: str) -> str:
    size = graph.constant(np.float64(len(step.table)))
    inside = graph.node(
        "And",
        graph.node("GreaterOrEqual", values, graph.constant(np.float64(0.0))),
        graph.node("Less", values, size),
    )
    unknown = graph.constant(np.float64(UNKNOWN_CODE))
    number = graph.node("Cast", graph.node("Where", inside, values, unknown), to=_INT64)
    flat = graph.node("Squeeze", number, graph.constant([1]))
    return graph.gather(step.table, flat)


def look_up(graph: Graph, texts: str, known: Mapping[str, float], *, other: float) -> str:
    """Replace texts by numbers.

    Parameters
    ----------
    known
        The numbers by text.
    other
        What all other texts become. As a whole number, it makes all of them whole.
    """
    kind = np.int64 if isinstance(other, int) else np.float64
    # Half of a pair is no character: no host could send such a text.
    sound = {text: number for text, number in known.items() if is_sound(text)}
    return graph.node(
        "LabelEncoder",
        texts,
        domain=LEARNING,
        keys_tensor=np.array([*sound], dtype=object),
        values_tensor=np.array([*sound.values()], dtype=kind),
        default_tensor=np.array([other], dtype=kind),
    )
