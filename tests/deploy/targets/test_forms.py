import json

import pytest

from example_bundle import make_bundle
from modelwright.deploy.delivery import deliver
from modelwright.deploy.targets.forms import FORMS, form
from modelwright.errors import InputError
from modelwright.predictor.bundle_folder import write_bundle
from modelwright.predictor.emitters.base import Tools


class _Form:
    name = "cobol"
    title = "COBOL"
    tolerance = 1e-9

    def __init__(self, *, refused: str = "", said: str = "", needs: tuple[str, ...] = ()) -> None:
        self._refused = refused
        said = f"print({said!r})"
        self.tools = Tools(needs=needs, build=(), replay=("python", "-c", said))

    def refusal(self, bundle):
        return self._refused

    def emit(self, bundle):
        return {"README.md": bundle.hash.encode(), "cases.rows": b""}


@pytest.mark.parametrize(
    ("said", "passed", "evidence"),
    [
        ('{"rows": 3, "differ": 0, "largest": 1e-12}', True, "3 rows, real ones and extremes: 0"),
        ('{"rows": 3, "differ": 1, "largest": 0}', False, "1 with another class"),
        ('{"rows": 3, "differ": 0, "largest": "inf"}', False, "infinite"),
        ("no", False, "was to say how many rows differ"),
    ],
)
def test_what_the_comparison_found_is_the_evidence(delivery, out, said, passed, evidence):
    target = form(_Form(said=said))
    target.write(delivery, out)
    *_, same = target.validate(out)
    assert same.passed is passed
    assert evidence in same.evidence


def test_without_a_compiler_nothing_is_said_to_be_proven(delivery, out):
    target = form(_Form(needs=("cobc",)))
    target.write(delivery, out)
    *_, same = target.validate(out)
    assert same.passed is None
    assert "Install or set first: cobc" in same.evidence


def test_a_model_that_a_language_cannot_take_is_refused_with_the_reason(delivery, out):
    with pytest.raises(InputError, match=r"as COBOL\. It reads texts"):
        form(_Form(refused="It reads texts.")).write(delivery, out)
    assert not out.exists()


def test_the_folder_says_how_it_was_proven(tmp_path):
    write_bundle(make_bundle(), tmp_path / "bundle")
    (done,) = deliver(
        tmp_path / "bundle", tmp_path / "out", targets=["cpp"], report=lambda sentence: None
    )
    told = json.loads((tmp_path / "out" / "checks.json").read_text())
    assert [each["name"] for each in told] == [each.name for each in done.validations]
    # Checking it again finds the folder as it was written.
    assert FORMS["cpp"].validate(tmp_path / "out")[0].passed
