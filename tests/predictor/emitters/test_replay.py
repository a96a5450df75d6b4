from dataclasses import dataclass

import pytest

from modelwright.errors import ServiceError
from modelwright.predictor.emitters.base import Tools
from modelwright.predictor.emitters.parity import prove
from modelwright.predictor.emitters.replay import absent, replay

_SAYS = "import sys; print({said!r}); sys.exit({code})"


@dataclass(frozen=True)
class _Form:
    tools: Tools
    name: str = "form"
    title: str = "a form"
    tolerance: float = 1e-9
    reason: str = ""

    def refusal(self, bundle):
        return self.reason

    def emit(self, bundle):
        return {"sub/README.md": b"", "cases.rows": b""}


def _says(said: str, code: int = 0, **tools) -> _Form:
    command = ("python", "-c", _SAYS.format(said=said, code=code))
    return _Form(Tools(needs=(), build=(), replay=command, **tools))


def _told(largest: object, differ: int = 0) -> str:
    return f'noise\n{{"rows": 3, "differ": {differ}, "largest": {largest}}}'


@pytest.mark.parametrize(
    ("largest", "differ", "proven"),
    [("1e-12", 0, True), ("1e-3", 0, False), ("0", 1, False), ('"inf"', 0, False)],
)
def test_what_a_test_program_says_is_judged(bundles, largest, differ, proven):
    form = _says(_told(largest, differ), code=0 if proven else 1)
    parity = prove(form, bundles["binary"], rows=5)
    assert (parity.rows, parity.differ, parity.proven) == (3, differ, proven)


@pytest.mark.parametrize("form", [_says("nothing"), _says("{}"), _says(_told(0), code=2)])
def test_a_test_program_that_fails_is_no_proof(form, tmp_path):
    with pytest.raises(ServiceError):
        replay(form, tmp_path, b"")


def test_a_build_that_fails_is_told_with_what_it_said(tmp_path):
    failing = ("python", "-c", "import sys; sys.exit('no such type')")
    form = _Form(Tools(needs=(), build=(failing,), replay=("python",)))
    with pytest.raises(ServiceError, match="no such type"):
        replay(form, tmp_path, b"")


def test_what_is_absent_is_named_and_nothing_is_run(bundles):
    tools = Tools(needs=("no-such-program",), build=(), replay=(), modules=("no_such_module",))
    assert absent(tools) == ["no-such-program", "the Python module no_such_module"]
    assert prove(_Form(tools), bundles["binary"]).absent == tuple(absent(tools))


def test_a_refused_program_is_not_written(bundles):
    form = _Form(Tools(needs=(), build=(), replay=()), reason="It has texts.")
    assert prove(form, bundles["binary"]).refused == "It has texts."
