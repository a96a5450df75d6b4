from modelwright.predictor.emitters.edges import edges_of
from modelwright.predictor.operations.curves import Curves
from modelwright.predictor.operations.trees import Trees


def test_thresholds_are_found_for_raw_columns(bundles):
    program = bundles["binary"].program
    edges = edges_of(program)
    assert {"size", "age"} <= set(edges)
    asked = {
        float(number)
        for step in program.steps
        if isinstance(step, Trees | Curves)
        for number in (step.threshold if isinstance(step, Trees) else step.knots)
    }
    assert all(set(numbers.tolist()) <= asked for numbers in edges.values())
