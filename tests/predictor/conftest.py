"""The compiled kernel, for tests that compare it with NumPy."""

import pytest

from fresh_kernel import compile_library
from modelwright.predictor.kernel.library import Library


@pytest.fixture(scope="session")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return compile_library(tmp_path_factory.mktemp("kernel"))


@pytest.fixture(scope="module", params=["kernel", "numpy"])
def both_ways(request: pytest.FixtureRequest):
    """Run the tests of a module by the kernel, and again by NumPy."""
    found = request.getfixturevalue("kernel") if request.param == "kernel" else None
    with pytest.MonkeyPatch.context() as patch:
        for operation in ("trees", "linear"):
            patch.setattr(f"modelwright.predictor.operations.{operation}.library", lambda: found)
        yield
