"""Every curve has a picture, a sentence and a table with its ends."""

import pytest
from msgspec.structs import replace

from modelwright.documents import Curve
from modelwright.report.dossier import Dossier
from modelwright.report.pictures.drawings import draw_curves


@pytest.mark.parametrize("name", ["flights", "houses", "penguins"])
def test_every_curve_is_drawn(name: str, request: pytest.FixtureRequest) -> None:
    candidate = request.getfixturevalue(name).candidate
    drawn = draw_curves(candidate.evaluation, target=candidate.target)
    assert len(drawn) == len(candidate.evaluation.curves)
    for drawing, curve in zip(drawn, candidate.evaluation.curves, strict=True):
        assert drawing.points == len(curve.x)
        assert 2 <= len(drawing.rows) <= 12
        assert 'role="img"' in drawing.svg


def test_the_table_keeps_the_ends(flights: Dossier) -> None:
    assert flights.candidate
    roc = draw_curves(flights.candidate.evaluation, target="late")[0]
    assert roc.rows[0] == ("0", "0")
    assert roc.rows[-1] == ("1", "1")


@pytest.mark.parametrize(
    "curve",
    [
        Curve(name="roc", x=(), y=()),
        Curve(name="of another version", x=(0.0,), y=(0.0,)),
    ],
)
def test_what_cannot_be_drawn_is_left_out(flights: Dossier, curve: Curve) -> None:
    assert flights.candidate
    assert draw_curves(replace(flights.candidate.evaluation, curves=(curve,)), target="late") == ()


@pytest.mark.parametrize("name", ["roc", "precision_recall", "calibration", "residuals"])
def test_one_point_is_enough(flights: Dossier, name: str) -> None:
    assert flights.candidate
    evaluation = replace(
        flights.candidate.evaluation, curves=(Curve(name=name, x=(1.0,), y=(0.0,)),)
    )
    (drawn,) = draw_curves(evaluation, target="late")
    assert drawn.rows == (("1", "0"),)
    assert "nan" not in drawn.svg
