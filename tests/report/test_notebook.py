"""What a notebook shows: whole, safe and small."""

from html.parser import HTMLParser

import pytest

from dossiers import flights_dossier, houses_dossier, penguins_dossier, wide_dossier
from example_bundle import make_covered_bundle
from modelwright.documents import Deliveries, Retraining
from modelwright.predictor.model import Model
from modelwright.report.dossier import Dossier
from modelwright.report.notebook import show, show_project

DOSSIERS = (flights_dossier(), houses_dossier(), penguins_dossier(), wide_dossier())
PLAIN = {"div", "p", "strong", "bdi", "small", "table", "thead", "tbody", "tr", "th", "td"}


class Fragment(HTMLParser):
    """A fragment of plain elements whose tags match, with its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self._open = "", []
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        assert tag in PLAIN
        assert {name for name, _ in attrs} <= {"scope", "style"}
        self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("dossier", DOSSIERS, ids=lambda each: each.target[:12])
def test_every_document_is_shown(dossier):
    for document in dossier.documents:
        html = document._repr_html_()
        assert len(html) < 20_000
        text = Fragment(html).text
        assert document.file_name in text
        assert "None" not in text
        assert "\u202e" not in text


def test_the_main_figures_are_there():
    candidate = flights_dossier().candidate
    text = Fragment(candidate._repr_html_()).text
    for told in ("area under the ROC curve", "XGBoost", "Paired gain", "all green"):
        assert told in text


def test_programs_and_models_are_shown():
    bundle = make_covered_bundle()
    html = bundle.program._repr_html_()
    assert "2 out" in Fragment(html).text
    assert Model(bundle)._repr_html_() == html
    with pytest.raises(TypeError, match="not int"):
        show(3)


def test_a_project_is_its_question_its_answer_and_its_documents():
    dossier = flights_dossier()
    text = Fragment(show_project("<flights>", dossier)).text
    assert dossier.question in text
    assert "<flights>" in text
    assert "release.json" in text
    assert "project.run()" in show_project("new", Dossier())


def test_other_documents_are_shown_too():
    assert "Deliveries" in Deliveries(delivered=())._repr_html_()
    retraining = Retraining(
        bundle_hash="c0ffee",
        target="late",
        metric="roc_auc",
        window_rows=500,
        windows=4,
        rows=2_000,
        usual=(0.1,),
        policies=(),
        sentence="Never <b>.",
    )
    assert "Never &lt;b&gt;." in retraining._repr_html_()
