from dataclasses import replace

import msgspec
import pytest

from example_bundle import make_bundle


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("late", "late"),
        ("Late > 15?", "Late-15"),
        ("../../etc", "etc"),
        ("\u00dc", "model"),
        ("x" * 99, "x" * 60),
    ],
)
def test_a_name_is_fit_for_addresses_and_paths(target, name):
    bundle = make_bundle()
    facts = msgspec.structs.replace(bundle.facts, target=target)
    assert replace(bundle, facts=facts).name == name
