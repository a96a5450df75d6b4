"""What to do next, and what not to do, is drawn from the documents."""

from typing import get_args, get_type_hints

import pytest
from msgspec.structs import replace

from modelwright.documents import Cause, Health, Risk
from modelwright.report.advice import limits, next_steps, weak_slices
from modelwright.report.dossier import Dossier
from modelwright.report.everyday import answer

_ACTIONS = get_args(get_type_hints(Health)["action"])


def said(dossier: Dossier) -> str:
    return "\n".join(f"{step.sentence} {step.command}" for step in next_steps(dossier))


def test_without_a_model_one_is_built(flights: Dossier) -> None:
    assert "modelwright run" in said(Dossier(plan=flights.plan))


@pytest.mark.parametrize("action", _ACTIONS)
def test_a_model_that_somebody_else_runs_is_watched_and_not_built(
    flights: Dossier, action: str
) -> None:
    assert flights.health
    watched = Dossier(release=flights.release)
    assert [word in said(watched) for word in ("label", "maintain", "run")] == [True, True, False]
    told = said(Dossier(release=flights.release, health=replace(flights.health, action=action)))
    assert told
    assert "modelwright run" not in told
    assert "--propose" not in told


def test_the_owner_of_the_data_is_asked_about_doubts(flights: Dossier) -> None:
    assert "whether tailnum is known" in said(flights)


def test_a_release_is_served_and_labelled(flights: Dossier) -> None:
    told = said(Dossier(candidate=flights.candidate, release=flights.release))
    assert [word in told for word in ("serve", "label", "maintain")] == [True, True, True]


def test_a_shut_gate_is_mended_first(houses: Dossier) -> None:
    first = next_steps(houses)[0]
    assert "the budget is kept" in first.sentence
    assert "2 min 41 s of 2 min 12 s" in first.sentence


def test_what_is_not_worth_it_is_not_used(penguins: Dossier) -> None:
    assert "Go on with the simplest answer" in said(penguins)
    assert len(limits(penguins)) == 1


def test_where_no_learner_ended_more_time_is_asked_for(penguins: Dossier) -> None:
    found = penguins.candidate
    assert found
    simple = replace(found.trials[0], learner="rule", title="Rule on one column", weight=1.0)
    named = "Rule on one column, 'island'"
    found = replace(found, trials=(simple,), baseline=named, seconds=27.2)
    short = Dossier(plan=penguins.plan, candidate=found)
    assert said(short) == "Give more time, then ask again. modelwright run --budget 70s"
    assert "No learner came to an end" in answer(short).sentence
    assert answer(short).word == "Too little time"


@pytest.mark.parametrize("action", _ACTIONS)
def test_every_action_has_its_step(flights: Dossier, action: str) -> None:
    assert flights.health
    health = replace(flights.health, action=action)
    told = next_steps(Dossier(candidate=flights.candidate, release=flights.release, health=health))
    assert told
    assert len({step.sentence for step in told}) == len(told)


def test_what_is_sent_is_mended_in_the_columns_at_fault(flights: Dossier) -> None:
    assert flights.health
    cause = Cause(kind="unit change", columns=("distance",), sentence="It is in feet.")
    health = replace(flights.health, action="fix input", causes=(cause,))
    told = said(Dossier(candidate=flights.candidate, release=flights.release, health=health))
    assert told.startswith("Mend what is sent to the model in “distance”.")
    assert "what would undo it. modelwright maintain --propose" in told
    health = replace(health, causes=(Cause(kind="no answer", sentence="Row 3 has none."),))
    told = said(Dossier(candidate=flights.candidate, release=flights.release, health=health))
    assert "--propose" not in told


def test_limits_name_errors_slices_and_risks(flights: Dossier) -> None:
    told = "\n".join(limits(flights))
    assert "63 of 100 warnings are false alarms" in told
    assert "misses 59 of 100" in told
    assert "“LGA”" in told
    assert "1 October 2013" in told
    assert "weather is missing" in told
    assert "7,641" not in told, "a note is no limit"


def test_it_is_said_until_when_a_trend_is_carried_on(flights: Dossier) -> None:
    assert flights.candidate
    candidate = replace(flights.candidate, trend_until="2014-06-30")
    told = limits(Dossier(candidate=candidate))
    assert sum("go on as they went only until 30 June 2014" in each for each in told) == 1
    assert not any("as they went" in each for each in limits(flights))


def test_weak_slices_lie_wholly_below(flights: Dossier) -> None:
    assert flights.candidate
    weak = weak_slices(flights.candidate)
    assert [each.level for each in weak] == ["HA", "LGA"]
    assert weak_slices(replace(flights.candidate, metric="of_another_package")) == ()


def test_a_risk_is_told_once_and_ends_once(flights: Dossier) -> None:
    assert flights.plan
    assert flights.findings
    assert flights.candidate
    few = Risk(name="few rows", sentence="There are few rows.", severity="warning")
    dossier = Dossier(
        plan=replace(flights.plan, risks=(few,)),
        findings=replace(flights.findings, problems=(few,)),
        candidate=flights.candidate,
    )
    assert [str(each) for each in limits(dossier) if "few rows" in each] == [
        "With care: There are few rows."
    ]
