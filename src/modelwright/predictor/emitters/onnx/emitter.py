"""ONNX: one graph in double precision, for onnxruntime in any language."""

from collections.abc import Mapping

from modelwright.predictor.bundle import Bundle
from modelwright.predictor.emitters.base import Tools
from modelwright.predictor.emitters.identifiers import is_sound
from modelwright.predictor.emitters.onnx.curves import is_too_steep
from modelwright.predictor.emitters.onnx.graph import Graph
from modelwright.predictor.emitters.onnx.growth import MAX_NODES, unfolded_size
from modelwright.predictor.emitters.onnx.lowering import lower
from modelwright.predictor.emitters.onnx.papers import papers
from modelwright.predictor.emitters.onnx.results import write_results
from modelwright.predictor.emitters.rows_file import rows_file
from modelwright.predictor.emitters.whole_graph import runs_graph
from modelwright.predictor.operations.answers import Isotonic
from modelwright.predictor.operations.trees import Trees
from modelwright.predictor.program import Step

TOLERANCE = 1e-6
_WHOLE = (
    "Its model is a graph already, the one that was adopted; --to local, docker, compose, "
    "kubernetes, systemd and batch serve it."
)


class OnnxEmitter:
    """Writes a graph, with programs in Python that replay rows and show a call."""

    name = "onnx"
    title = "an ONNX graph"
    tolerance = TOLERANCE
    tools = Tools(
        needs=(), build=(), replay=("python", "replay.py"), modules=("numpy", "onnxruntime")
    )

    def refusal(self, bundle: Bundle) -> str:
        """Return why a bundle cannot be written so, as a sentence; empty when it can."""
        names = [each.name for each in bundle.program.inputs]
        faults = [
            _WHOLE if runs_graph(bundle) else "",
            *map(_fault_of_name, names),
            *map(_fault_of_step, bundle.program.steps),
        ]
        return next(filter(None, faults), "")

    def emit(self, bundle: Bundle) -> Mapping[str, bytes]:
        """Return the graph and its papers.

        Raises
        ------
        MissingDependencyError
            Without the library onnx.
        """
        program = bundle.program
        graph = Graph([each.name for each in program.inputs])
        results = write_results(graph, program, lower(graph, program, bundle.schema))
        facts = {"bundle": bundle.hash, "target": bundle.facts.target}
        return {
            "model.onnx": graph.written(facts),
            **papers(bundle, opsets=graph.opsets, results=results, tolerance=TOLERANCE),
            "cases.rows": rows_file(bundle, [case.record for case in bundle.cases]),
        }


def _fault_of_name(name: str) -> str:
    if name and is_sound(name) and "\0" not in name:
        return ""
    return f"An input of ONNX cannot be called {name!r}: rename the column."


def _fault_of_step(step: Step) -> str:
    match step:
        case Isotonic() if is_too_steep(step):
            return "The calibration rises faster than a number can say: build the model again."
        case Trees() if unfolded_size(step) > MAX_NODES:
            return f"Its trees have more than {MAX_NODES:,} branches when each stands by itself."
    return ""
