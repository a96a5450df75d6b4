"""The kernel compiled from the source as it is now, and tables of trees for it."""

import importlib.util
import os
import shlex
import shutil
import sys
import sysconfig
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import strategies as st

from modelwright.predictor.kernel.library import Library, open_library
from modelwright.predictor.operations.trees import Trees

ROOT = Path(__file__).parent.parent
EXTREMES = (np.nan, np.inf, -np.inf, 0.0, -0.0, 5e-324, 1.0, -1.0, 1e300, -1e300)


def load_hatch_build() -> ModuleType:
    """Load the build hook; hatchling itself is only there while a wheel is built."""
    name = "hatchling.builders.hooks.plugin.interface"
    interface = ModuleType(name)
    interface.BuildHookInterface = object
    parents = [name.rsplit(".", count)[0] for count in range(1, 5)]
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    module = importlib.util.module_from_spec(spec)
    with patch.dict(sys.modules, {name: interface} | {each: ModuleType(each) for each in parents}):
        spec.loader.exec_module(module)
    return module


def require_compiler() -> None:
    """Skip the test where there is no C compiler."""
    command = os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc"
    if shutil.which(shlex.split(command)[0]) is None:
        pytest.skip(f"The kernel is compiled by {command!r}, which is not installed.")


def copy_source(folder: Path) -> None:
    """Copy what the build hook compiles."""
    hook = load_hatch_build()
    (folder / hook.KERNEL).mkdir(parents=True)
    for source in (ROOT / hook.KERNEL).glob("*.[ch]"):
        shutil.copy(source, folder / hook.KERNEL)


def compile_library(folder: Path) -> Library:
    """Put the kernel, compiled once in a process by each compiler, into a folder and open it."""
    require_compiler()
    file = folder / load_hatch_build().LIBRARY
    file.parent.mkdir(parents=True)
    file.write_bytes(_compiled(os.environ.get("CC", "")))
    opened = open_library(file)
    assert opened is not None
    return opened


@cache
def _compiled(compiler: str) -> bytes:
    hook = load_hatch_build()
    with TemporaryDirectory() as folder:
        copy_source(Path(folder))
        assert hook.compile_kernel(Path(folder)) == ""
        return (Path(folder) / hook.LIBRARY).read_bytes()


def same_bits(left: np.ndarray, right: np.ndarray) -> bool:
    """Compare to the bit, but for the many ways to write NaN."""
    if left.shape != right.shape:
        return False
    either = np.isnan(left) | np.isnan(right)
    bits = left.view(np.int64) == right.view(np.int64)
    return bool((bits | either).all() and (np.isnan(left) == np.isnan(right)).all())


@st.composite
def trees(draw: st.DrawFn, *, width: int = 3) -> Trees:
    """Draw tables that `check` lets pass: shared nodes, chains, single leaves, many outputs."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    nodes, count = draw(st.integers(1, 60)), draw(st.integers(1, 40))
    columns, wide = draw(st.integers(1, 4)), draw(st.booleans())
    reach = draw(st.sampled_from([1, 2, 60]))
    feature = random.integers(0, width, nodes).astype(np.int32)
    feature[random.random(nodes) < draw(st.sampled_from([0.0, 0.2, 0.6]))] = -1
    feature[-1] = -1
    leaves = draw(st.integers(1, 30))
    ahead = np.arange(nodes)
    left, right = (
        np.minimum(ahead + random.integers(1, reach + 1, nodes), nodes - 1) for _ in range(2)
    )
    left[feature < 0] = random.integers(0, leaves, (feature < 0).sum())
    values = random.normal(size=(leaves, columns if wide else 1))
    odd = random.random(values.shape) < 0.3
    values[odd] = random.choice([-0.0, 0.0, 1e308, -1e308, 5e-324], odd.sum())
    return Trees(
        inputs=("x",),
        output="y",
        comparison=draw(st.sampled_from(["<=", "<"])),
        roots=random.integers(0, nodes, count).astype(np.int32),
        outputs=random.integers(-1 if wide or columns == 1 else 0, columns, count).astype(np.int32),
        feature=feature,
        threshold=random.choice([0.0, -0.0, 1.0, -1.0, 0.3, 1e300, -1e300, 5e-324], nodes),
        left=left.astype(np.int32),
        right=right.astype(np.int32),
        missing_left=random.random(nodes) < 0.5,
        leaves=values,
        base=random.choice([0.0, -0.0, 0.1, -3.0], columns),
        scale=float(random.choice([1.0, 1 / 3, -0.1, 0.0])),
    )


@st.composite
def matrices(draw: st.DrawFn, *, width: int = 3, rows: int = 40) -> np.ndarray:
    """Draw rows of ordinary and extreme numbers; sometimes none."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    matrix = random.normal(size=(draw(st.integers(0, rows)), width))
    odd = random.random(matrix.shape) < draw(st.sampled_from([0.0, 0.5, 1.0]))
    matrix[odd] = random.choice(EXTREMES, odd.sum())
    return matrix
