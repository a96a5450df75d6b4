"""Documents fit a screen and say what decides."""

import msgspec
import polars as pl
import pytest
from msgspec.structs import replace

from modelwright.data.contracts.contract import Contract, ContractColumn, check_table
from modelwright.data.schema import Column, Kind
from modelwright.report.dossier import Dossier
from modelwright.report.terminal.check import describe_check
from modelwright.report.terminal.describe import describe
from modelwright.report.terminal.findings import doubted_lines
from modelwright.report.terminal.layout import WIDTH


@pytest.mark.parametrize("name", ["flights", "houses", "penguins", "wide"])
def test_every_document_fits_a_screen(name: str, request: pytest.FixtureRequest) -> None:
    for document in request.getfixturevalue(name).documents:
        lines = describe(document).splitlines()
        assert 3 < len(lines) <= 32
        assert all(len(line) <= WIDTH for line in lines)
        assert lines[0].startswith(f"── {type(document).__name__} ")


def test_a_plan_says_what_its_probes_have_not_looked_for(flights: Dossier) -> None:
    assert flights.plan
    told = " ".join(describe(flights.plan).split())
    assert "Probes are scored before leaks are looked for and removed" in told


def test_the_candidate_stands_beside_the_baseline(flights: Dossier) -> None:
    assert flights.candidate
    told = describe(flights.candidate)
    assert "the model     0.701 (0.679 to 0.723)" in told
    assert "the baseline  0.610 (0.591 to 0.630)" in told
    assert "LightGBM 61 %, XGBoost 27 %, linear model 12 %" in told
    assert "✓ better than the baseline" in told
    assert "paired gain 0.0908" in told


def test_shut_gates_are_seen(houses: Dossier) -> None:
    assert houses.release
    told = describe(houses.release)
    assert "✗ the budget is kept" in told
    assert "not released" in told


def test_leaks_come_with_their_evidence(flights: Dossier) -> None:
    assert flights.findings
    told = describe(flights.findings)
    assert "✗ arr_delay: one threshold on it tells the target in all 241,213 rows" in told
    assert "? tailnum: " in told
    assert told.count("arr_delay") == 1, "a leak is not told again among the columns left out"


def test_the_outlook_says_what_is_expected_and_what_more_rows_bring(flights: Dossier) -> None:
    assert flights.findings
    told = describe(flights.findings)
    assert "Worth it  A model is worth it" in told
    assert "A build          0.741 (0.729 to 0.753)" in told
    assert "482,426 rows    0.745 (0.730 to 0.760), better by +0.0040" in told
    assert "Goal      auc ≥ 0.8, not with these columns: A build" in told


def test_a_run_names_the_columns_that_know_the_answer(flights: Dossier) -> None:
    assert flights.findings
    assert doubted_lines(flights.findings) == [
        "Refused   arr_delay, dep_time, arr_time, air_time and dep_delay: leaks of the answer",
        "Look at   tailnum: known in time?",
    ]
    assert doubted_lines(replace(flights.findings, leaks=())) == []


def test_the_release_names_its_bundle(flights: Dossier) -> None:
    assert flights.release
    told = describe(flights.release)
    assert "bundles/late-1f2e3d4c5b6a, 8.4 MB" in told
    assert flights.release.bundle_hash in told
    assert "1.6 ms for one row" in told


def test_health_ends_with_the_one_action(flights: Dossier) -> None:
    assert flights.health
    told = describe(flights.health)
    assert "realised  0.692" in told
    assert "expected  0.701" in told
    assert "2 alarms among 4 columns" in told
    assert told.endswith("Action    keep")


def test_health_without_labels_is_told(flights: Dossier) -> None:
    assert flights.health
    health = replace(flights.health, realised=None, expected=None, labelled=0, drift=())
    assert "realised  —" in describe(health)


def test_data_cannot_command_the_terminal(wide: Dossier) -> None:
    for document in wide.documents:
        assert not {"\x1b", "\u202e"} & set(describe(document))


def contract() -> Contract:
    names = [f"age_{index}" for index in range(12)]
    columns = (ContractColumn(column=Column(name=name, kind=Kind.NUMERIC)) for name in names)
    return Contract(id="1", title="people", columns=tuple(columns), unchecked=("a rule in SQL",))


def test_a_kept_contract_is_two_lines() -> None:
    table = pl.DataFrame({column.name: ["39"] for column in contract().schema})
    told = describe_check(check_table(table, contract()))
    assert "✓ The table keeps the contract." in told
    assert "24 of 24 rules kept, 1 row read" in told
    assert "Unchecked a rule in SQL" in told


def test_broken_rules_are_bounded_and_show_rows() -> None:
    table = pl.DataFrame({column.name: ["39", "old", "\x1b[31m"] for column in contract().schema})
    told = describe_check(check_table(table, contract()))
    assert "✗ The table breaks the contract." in told
    assert "row 2: old" in told
    assert "and 4 more" in told
    assert "\x1b" not in told
    assert len(told.splitlines()) <= 32


def test_health_of_rows_without_times_names_no_span(flights):
    timeless = msgspec.structs.replace(flights.health, since="", until="")
    assert " from " not in describe(timeless).split("Rows", 1)[1].splitlines()[0]


def test_learners_without_a_score_stand_below_the_table_with_their_reason(flights: Dossier) -> None:
    assert flights.candidate
    first, *others = flights.candidate.trials
    unscored = [
        replace(each, score=None, gain=None, weight=0.0, failure="No time was left for it.")
        for each in others
    ]
    told = describe(replace(flights.candidate, trials=[first, *unscored]))
    names = [each.title for each in others]
    assert f"No score  {', '.join(names[:-1])} and {names[-1]}: No time was left for it." in told
    assert told.count("No time was left") == 1
