"""Programs that hold a graph of ONNX: no other language runs one without its runtime."""

from modelwright.predictor.bundle import Bundle
from modelwright.predictor.operations.graph import Graph


def refusal_of_graph(bundle: Bundle) -> str:
    """Return why a bundle that holds a graph cannot be written; empty where it holds none."""
    if not runs_graph(bundle):
        return ""
    return (
        "Its model is a graph of ONNX, which onnxruntime alone runs; --to local, docker, compose, "
        "kubernetes, systemd and batch serve it."
    )


def runs_graph(bundle: Bundle) -> bool:
    """Say whether a bundle needs onnxruntime to answer."""
    return any(isinstance(step, Graph) for step in bundle.program.steps)
