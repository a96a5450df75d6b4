"""How much memory one server of a bundle may take where nobody says it."""

from modelwright.deploy.targets.base import Delivery
from modelwright.predictor.emitters.whole_graph import runs_graph
from modelwright.predictor.operations.graph_session import MOST_MEMORY

LEAST_MB = 512
"""What a server with a small model is given: it takes a tenth, and bodies of requests at once."""
_SERVER_MB = 256
"""Of that, what is for the server itself, with 128 MB of bodies that are not whole yet."""
_TIMES = 10
"""A program at work takes so many times what its files have: 20 MB beside 2 MB of trees."""
_STEP_MB = 256
_MB = 1 << 20


def memory_mb(delivery: Delivery) -> int:
    """Return the most that one server may take, in mebibytes: what was chosen, or what it needs.

    Parameters
    ----------
    delivery
        What is written.
    """
    if delivery.options.memory_mb:
        return delivery.options.memory_mb
    stored = sum(each.stat().st_size for each in delivery.bundle_folder.glob("program.*"))
    graph = MOST_MEMORY // _MB if runs_graph(delivery.bundle) else 0
    return needed_mb(stored, graph_mb=graph)


def needed_mb(stored: int, *, graph_mb: int = 0) -> int:
    """Return what a server needs, in whole steps.

    Parameters
    ----------
    stored
        Bytes of the program's files.
    graph_mb
        The most that graphs of ONNX take for what they compute; beyond it a row is refused, which
        a host that ends the server sooner would not do.

    Examples
    --------
    >>> needed_mb(2_000_000), needed_mb(100 << 20), needed_mb(286_013, graph_mb=1024)
    (512, 1280, 1536)
    """
    asked = _SERVER_MB + _TIMES * stored / _MB + graph_mb
    return max(LEAST_MB, -int(-asked // _STEP_MB) * _STEP_MB)
