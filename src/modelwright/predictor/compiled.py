"""A program compiled where there is a C++ compiler: the same answers, sooner.

The C++ form of the program is made a library, kept for the next time, and replays the bundle's
recorded rows before it answers any other. It may differ from the interpreter in the last bit,
where the compiler's exponential does; what is evaluated and compared stays the interpreter's.
"""

import ctypes
import os
import platform
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

import numpy as np

from modelwright._version import __version__
from modelwright.data.records import Columns, RecordReader
from modelwright.data.schema import ValueType
from modelwright.errors import ServiceError
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.program import Input

CACHE = "MODELWRIGHT_CACHE"
"""Environment variable; the folder where compiled programs are kept."""

_LIBRARY = "libmodel.so"
_TOLERANCE = 1e-9
_ROWS_AT_ONCE = 4_096
"""Rows that a thread answers before it takes others."""


@dataclass(frozen=True)
class Cells:
    """Rows as a compiled program reads them.

    Parameters
    ----------
    rows
        How many.
    numbers
        float64, of shape (rows, inputs), row after row; missing is NaN.
    moments
        int64, likewise; missing is `MISSING_DATETIME`.
    texts
        The bytes of all texts, row after row.
    starts
        Where the texts of each row begin.
    sizes
        int32, the bytes of each text, of shape (rows, inputs); -1 where it is missing.
    """

    rows: int
    numbers: Value
    moments: Value
    texts: Value
    starts: Value
    sizes: Value

    def part(self, first: int, most: int) -> Self:
        """Return some of the rows; nothing is copied."""
        some = slice(first, first + most)
        return type(self)(
            rows=min(most, self.rows - first),
            numbers=self.numbers[some],
            moments=self.moments[some],
            texts=self.texts[self.starts[first] :],
            starts=self.starts[some],
            sizes=self.sizes[some],
        )


class CompiledProgram:
    """A program in a library of its own.

    Parameters
    ----------
    bundle
        Whose program it is.
    library
        What was compiled from it; it is code and runs.
    threads
        That answer many rows side by side; None for as many as there are cores.

    Raises
    ------
    ServiceError
        When the library is of another bundle, or a recorded row has another answer.
    """

    def __init__(self, bundle: Bundle, library: Path, *, threads: int | None = None) -> None:
        self._threads = threads or os.cpu_count()
        self._inputs = bundle.program.inputs
        self._outputs = bundle.program.task.n_outputs
        self._functions = _open(library, bundle.hash)
        self._model = self._functions.modelwright_open()
        self._replay(bundle)

    def run(self, columns: Columns) -> Floats:
        """Answer rows, as `Program.run` does; many on all cores.

        Parameters
        ----------
        columns
            One array per input; further columns are of no account.

        Returns
        -------
        ndarray of shape (rows, outputs)
        """
        rows = len(columns[self._inputs[0].name])
        if rows <= _ROWS_AT_ONCE:
            return self._run(columns, slice(0, rows))
        parts = [slice(start, start + _ROWS_AT_ONCE) for start in range(0, rows, _ROWS_AT_ONCE)]
        with ThreadPoolExecutor(self._threads) as threads:
            return np.concatenate([*threads.map(lambda part: self._run(columns, part), parts)])

    def names_of(self, kind: ValueType) -> tuple[str, ...]:
        """Return the inputs of a type, in the order in which their cells follow each other."""
        return tuple(each.name for each in self._of(kind))

    def run_cells(self, cells: Cells) -> Floats:
        """Answer rows that are laid out already; many on all cores.

        Parameters
        ----------
        cells
            Laid out by the order of `names_of`.

        Returns
        -------
        ndarray of shape (rows, outputs)
        """
        parts = [cells.part(first, _ROWS_AT_ONCE) for first in range(0, cells.rows, _ROWS_AT_ONCE)]
        if len(parts) == 1:
            return self._answer(parts[0])
        if not parts:
            return np.empty((0, self._outputs))
        with ThreadPoolExecutor(self._threads) as threads:
            return np.concatenate([*threads.map(self._answer, parts)])

    def _run(self, columns: Columns, part: slice) -> Floats:
        texts, sizes = _written([columns[each.name][part] for each in self._of("string")])
        return self._answer(
            Cells(
                rows=len(columns[self._inputs[0].name][part]),
                numbers=self._side_by_side(columns, part, "number", np.float64),
                moments=self._side_by_side(columns, part, "datetime", np.int64),
                texts=np.frombuffer(texts, dtype=np.uint8),
                starts=np.zeros(1, dtype=np.int64),
                sizes=sizes,
            )
        )

    def _answer(self, cells: Cells) -> Floats:
        answers = np.empty((cells.rows, self._outputs))
        failed = self._functions.modelwright_run(
            self._model,
            cells.rows,
            cells.numbers.ctypes.data,
            cells.texts.ctypes.data,
            cells.sizes.ctypes.data,
            cells.moments.ctypes.data,
            answers.ctypes.data,
        )
        if failed:
            raise MemoryError(f"There is no room for {cells.rows:,} rows.")
        return answers

    def _side_by_side(self, columns: Columns, part: slice, kind: str, dtype: Any) -> Value:
        """Return the columns of a type in an array of shape (rows, columns)."""
        found = [columns[each.name][part] for each in self._of(kind)]
        return np.array(found, dtype=dtype).T.copy()

    def _of(self, kind: str) -> Sequence[Input]:
        return self._by_type.get(kind, ())

    @cached_property
    def _by_type(self) -> dict[str, list[Input]]:
        kinds: dict[str, list[Input]] = {}
        for each in self._inputs:
            kinds.setdefault(each.type, []).append(each)
        return kinds

    def _replay(self, bundle: Bundle) -> None:
        if not bundle.cases:
            return
        expected = np.array([case.expected for case in bundle.cases])
        found = self.run(RecordReader(bundle.schema)([case.record for case in bundle.cases]))
        if not np.allclose(found, expected, rtol=_TOLERANCE, atol=_TOLERANCE):
            raise ServiceError(
                "The compiled model answers recorded rows otherwise; it is not used."
            )


def compiled_bundle(
    bundle: Bundle, folder: Path | None = None, *, threads: int | None = None
) -> Bundle:
    """Return the same bundle, whose program is run compiled.

    Parameters
    ----------
    bundle, folder, threads
        As for `compile_program`.

    Raises
    ------
    ServiceError
        As for `compile_program`.
    """
    return replace(bundle, runner=compile_program(bundle, folder, threads=threads))


def compiled_where_sooner(bundle: Bundle, folder: Path | None = None) -> Bundle:
    """Return the same bundle, compiled where the package's kernel does not follow its program.

    Where it does, it answers one row and many several times sooner, to the interpreter's bits.

    Parameters
    ----------
    bundle, folder
        As for `compile_program`.

    Raises
    ------
    ServiceError
        As for `compile_program`.
    """
    return compiled_bundle(bundle, folder) if bundle.program.follower is None else bundle


def compile_program(
    bundle: Bundle, folder: Path | None = None, *, threads: int | None = None
) -> CompiledProgram:
    """Return a bundle's program compiled, from the folder where such are kept if it is there.

    Parameters
    ----------
    bundle
        As it was read: its hash names what is kept.
    folder
        Where compiled programs are kept; None for the user's cache, or what the environment
        variable MODELWRIGHT_CACHE names.
    threads
        As for `CompiledProgram`.

    Raises
    ------
    ServiceError
        When there is no C++ compiler, or it fails.
    """
    kept = (folder or _cache()) / f"{bundle.hash}-{platform.machine()}-{__version__}.so"
    if not bundle.hash or not kept.exists():
        _compile(bundle, kept)
    return CompiledProgram(bundle, kept, threads=threads)


def _compile(bundle: Bundle, library: Path) -> None:
    if find_spec("jinja2") is None:
        raise ServiceError(
            "A model cannot be compiled here: there is no jinja2, which writes its source.",
            "Install it, or bring the library from where there is one: MODELWRIGHT_CACHE.",
        )
    # Here, because a server that finds a library needs no templates.
    from modelwright.predictor.emitters.cpp import CPP
    from modelwright.predictor.emitters.replay import absent, run_command, write_files

    if missing := absent(CPP.tools):
        raise ServiceError(
            f"A model cannot be compiled here: there is no {' and no '.join(missing)}.",
            "Install a C++ compiler and make, or go without: answers are the same.",
        )
    if refused := CPP.refusal(bundle):
        raise ServiceError(f"This model cannot be compiled: {refused}", "Go without.")
    library.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=library.parent) as scratch:
        write_files(CPP.emit(bundle), Path(scratch))
        run_command(("make", _LIBRARY), Path(scratch))
        (Path(scratch) / _LIBRARY).replace(library)


def _cache() -> Path:
    named = os.environ.get(CACHE)
    usual = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(named) if named else Path(usual) / "modelwright" / "compiled"


def _open(library: Path, digest: str) -> ctypes.CDLL:
    try:
        functions = ctypes.CDLL(str(library))
    except OSError as error:
        raise ServiceError(f"{library} is no library for this machine: {error}.") from error
    functions.modelwright_bundle.restype = ctypes.c_char_p
    said = functions.modelwright_bundle().decode()
    if digest and said != digest:
        raise ServiceError(f"{library} was compiled from the bundle {said}, not {digest}.")
    functions.modelwright_open.restype = ctypes.c_void_p
    address = ctypes.c_void_p
    functions.modelwright_run.argtypes = (
        address, ctypes.c_int64, address, address, address, address, address,
    )  # fmt: skip
    return functions


def _written(texts: Sequence[Value]) -> tuple[bytes, Value]:
    """Return texts row after row as UTF-8, and the bytes of each; -1 where it is missing."""
    cells = [
        None if cell is None else cell.encode(errors="replace")
        for row in zip(*texts, strict=True)
        for cell in row
    ]
    sizes = np.array([-1 if cell is None else len(cell) for cell in cells], dtype=np.int32)
    return b"".join(cell for cell in cells if cell), sizes
