import json
from contextlib import nullcontext

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException

from modelwright.serving.wire.strict import require_strict

_TEXT = st.text(st.sampled_from('a:{}[],"\\\n\u00e9'), max_size=5)


class _Pairs:
    """An object as it is written, in which a key may stand twice."""

    def __init__(self, pairs: list) -> None:
        self.pairs = pairs


_JSON = st.recursive(
    st.none() | st.integers() | _TEXT,
    lambda inner: (
        st.lists(inner, max_size=3) | st.lists(st.tuples(_TEXT, inner), max_size=3).map(_Pairs)
    ),
    max_leaves=12,
)


def _written(value: object) -> str:
    if isinstance(value, _Pairs):
        return "{" + ",".join(f"{json.dumps(k)}:{_written(v)}" for k, v in value.pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_written, value)) + "]"
    return json.dumps(value)


def _repeats(value: object) -> bool:
    if isinstance(value, _Pairs):
        names = [name for name, _ in value.pairs]
        return len({*names}) < len(names) or any(_repeats(inner) for _, inner in value.pairs)
    return isinstance(value, list) and any(map(_repeats, value))


@given(_JSON)
def test_a_key_that_stands_twice_is_found_wherever_it_is(value):
    body = _written(value).encode()
    refused = pytest.raises(HTTPException, match="stands twice")
    with refused if _repeats(value) else nullcontext():
        require_strict(body, msgspec.json.decode(body), depth=100)


@pytest.mark.parametrize("body", [b'{"a": [[[1]]]}', b"[[[[]]]]", b'{"a": {"b": {"c": {}}}}'])
def test_nesting_is_bounded(body):
    require_strict(body, msgspec.json.decode(body), depth=4)
    with pytest.raises(HTTPException, match="deeper than 3"):
        require_strict(body, msgspec.json.decode(body), depth=3)
