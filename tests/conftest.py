"""What all tests share: property tests that are the same in every run, and quiet threads."""

import gc
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "steady",
    derandomize=True,
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "thorough", settings.get_profile("steady"), derandomize=False, max_examples=1000
)
settings.load_profile(os.environ.get("MODELWRIGHT_EXAMPLES", "steady"))

# Each worker keeps a core busy. Threads of linear algebra and of Polars would only spin while they
# wait for each other: tests/build, tests/tasks and a learner's took 75 s of processors with the
# former, 58 s without; to tell what 150 columns hold took 0.4 s with the latter, 0.25 s without.
# They are counted when the library is imported, which is later; processes that tests start inherit
# it.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "POLARS_MAX_THREADS"):
    os.environ.setdefault(_name, "1")

# Tests are no runs of a person: they leave no trace in the history of this machine.
os.environ["MODELWRIGHT_HISTORY"] = "off"
# A machine of Java that lives for a second need not compile what it runs twice.
os.environ.setdefault("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")

_LONGEST = "test_the_tutorial_and_what_goes_on_from_it_run"
"""Two minutes: begun last, it would leave all other workers idle."""


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Collect without looking for garbage: ten thousand tests stay, and so do their modules.

    Later searches for garbage leave them out; a quarter of the time to collect went there.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest test."""
    items.sort(key=lambda item: item.name != _LONGEST)
