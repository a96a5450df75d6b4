import dataclasses
import re

import pytest
from msgspec.structs import replace

from modelwright.report.dossier import Dossier
from modelwright.report.summary import render_markdown, render_summary, summarise
from modelwright.report.voice import LANGUAGES, voice_of
from modelwright.tasks.costs import Costs
from page_figures import astray, count_figures

_LIMIT_BYTES = 2_000_000
_MOST_SENTENCES = 18


@pytest.fixture(params=["flights", "houses", "penguins", "wide"])
def dossier(request: pytest.FixtureRequest) -> Dossier:
    found: Dossier = request.getfixturevalue(request.param)
    return found


def with_costs(dossier: Dossier, **costs: float) -> Dossier:
    assert dossier.plan is not None
    plan = replace(dossier.plan, costs=Costs(**costs, unit="EUR"))
    return dataclasses.replace(dossier, plan=plan)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_one_small_page_in_every_language(dossier, language):
    html = render_summary(summarise(dossier, voice_of(language)), dossier.sources)
    assert f'lang="{language}"' in html
    assert "<script" not in html
    assert len(html.encode()) < _LIMIT_BYTES
    assert html.count("<li>") + html.count("<p>") < _MOST_SENTENCES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_is_derived_from_the_document_that_it_names(dossier, language):
    told = with_costs(dossier, false_positive=1.0, false_negative=4.0)
    html = render_summary(summarise(told, voice_of(language)), told.sources)
    assert astray(html, told, voice=voice_of(language)) == []
    assert count_figures(html) > 5
    assert '<a href="../candidate.json">' in html


def test_a_figure_that_is_not_in_the_document_is_found_out(flights):
    told = with_costs(flights, false_positive=1.0, false_negative=4.0)
    html = render_summary(summarise(told), told.sources)
    evaluation = replace(told.candidate.evaluation, warned_right=1_234)
    changed = dataclasses.replace(told, candidate=replace(told.candidate, evaluation=evaluation))
    assert len(astray(html, changed)) > 4


@pytest.mark.parametrize(
    "part", [("plan",), ("plan", "findings"), ("plan", "findings", "candidate"), ("health",)]
)
def test_it_says_as_much_as_there_is(flights, part):
    dossier = Dossier(**{name: getattr(flights, name) for name in part})
    html = render_summary(summarise(dossier), dossier.sources)
    assert "late" in html
    assert "None" not in html


def test_numbers_and_dates_are_the_readers(flights):
    told = render_markdown(summarise(flights, voice_of("de")))
    assert "28.889 Fällen" in told
    assert "23. November 2026" in told
    assert "28,889" not in told


def test_a_question_that_nobody_put_into_words_is_the_readers_too(flights):
    plan = replace(flights.plan, question="Predict 'late'.")
    candidate = replace(flights.candidate, question="Predict 'late'.")
    told = dataclasses.replace(flights, plan=plan, candidate=candidate)
    assert summarise(told, voice_of("de")).question == "„late“ vorhersagen."
    assert summarise(told).question == "Predict “late”."


def test_what_comes_from_the_data_is_escaped(wide):
    summary = summarise(wide)
    assert "<script>alert" not in render_summary(summary, wide.sources)
    assert not re.search(r"<script|(?<!\\)\*\*Is <", render_markdown(summary))


def test_it_says_what_the_model_is_worth(flights):
    assert "Say what a false alarm" in summarise(flights).worth
    saves = summarise(with_costs(flights, false_positive=1.0, false_negative=4.0)).worth
    assert re.match(r"With your costs, 1,000 answers save [\d.,]+ EUR \(", saves)
    costs = summarise(with_costs(flights, false_positive=10.0, false_negative=1.0)).worth
    assert re.match(r"With your costs, 1,000 answers cost [\d.,]+ EUR \(", costs)


def test_a_number_has_its_error_and_no_worth(houses):
    summary = summarise(houses)
    assert summary.worth == ""
    assert summary.sure[0].startswith("On average its answers are ")


def test_a_part_of_the_holdout_is_called_one(flights):
    seen = flights.candidate.evaluation
    part = replace(seen, there=seen.rows * 20)
    candidate = replace(flights.candidate, evaluation=part)
    measured = summarise(dataclasses.replace(flights, candidate=candidate)).sure[-1]
    assert f"{seen.rows:,} cases, drawn at random from {seen.rows * 20:,} " in measured
