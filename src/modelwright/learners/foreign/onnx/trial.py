"""The first run of somebody's graph: in a process of its own, since some end what runs them."""

import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from modelwright.errors import LearnerError
from modelwright.predictor.operations.base import Value
from modelwright.predictor.operations.graph_session import as_input, refusals, session_of

_MODEL, _ROWS, _INPUTS = "model.onnx", "rows.npz", "inputs.json"
_TIME_S = 60.0
"""What takes longer has answered its first rows."""
_ENDED = 255
"""Beyond, and below zero, a process was ended, and has not ended by itself."""


def try_out(model: bytes, given: Sequence[Sequence[Value]], *, at_once: int = 1) -> None:
    """Run a graph where its end is nobody's else.

    Parameters
    ----------
    model
        As a file holds it.
    given
        For each input of the graph the values that it takes.
    at_once
        Rows that it is given at once.

    Raises
    ------
    LearnerError
        When it ends its process.
    """
    with TemporaryDirectory() as folder:
        _write(Path(folder), model, given)
        try:
            done = subprocess.run(
                # Nothing in the user's own folder is taken for a library.
                [sys.executable, "-P", "-m", __name__, folder, str(at_once)],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_TIME_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return
    if not 0 <= done.returncode <= _ENDED:
        raise LearnerError(
            f"onnxruntime ends the process that runs this graph ({_name_of(done.returncode)}).",
            "Give rows that the model answers, or export it otherwise: such a graph would end a "
            "server too.",
        )


def _write(folder: Path, model: bytes, given: Sequence[Sequence[Value]]) -> None:
    """Write numbers as NumPy does; texts as JSON, as an array makes each as long as the longest."""
    (folder / _MODEL).write_bytes(model)
    flat = [each for values in given for each in values]
    texts = [each.tolist() if each.dtype == object else None for each in flat]
    np.savez(folder / _ROWS, *[each for each in flat if each.dtype != object])
    told = {"counts": [len(values) for values in given], "texts": texts}
    (folder / _INPUTS).write_text(json.dumps(told))


def _read(folder: Path) -> list[list[Value]]:
    told = json.loads((folder / _INPUTS).read_text())
    with np.load(folder / _ROWS) as stored:
        numbers = iter([stored[f"arr_{place}"] for place in range(len(stored.files))])
    values = iter(
        next(numbers) if texts is None else np.array(texts, dtype=object) for texts in told["texts"]
    )
    return [[next(values) for _ in range(count)] for count in told["counts"]]


def _run(folder: Path, at_once: int) -> None:
    session, given = session_of((folder / _MODEL).read_bytes()), _read(folder)
    feeds = {
        each.name: as_input(values, each.type, len(each.shape))
        for each, values in zip(session.get_inputs(), given, strict=True)
    }
    rows = len(given[0][0])
    for start in range(0, rows, at_once):
        places = np.minimum(np.arange(start, start + at_once), rows - 1)
        try:
            session.run(None, {name: feed[places] for name, feed in feeds.items()})
        except refusals():
            continue


def _name_of(code: int) -> str:
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"code {code}"


if __name__ == "__main__":
    _run(Path(sys.argv[1]), int(sys.argv[2]))
