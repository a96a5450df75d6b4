"""What is alarmed is told once, as long as it lasts, whatever the noise of single windows."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from modelwright.maintain.detectors.base import Finding
from modelwright.maintain.watch.known import MATERIAL, Known
from modelwright.maintain.watch.verdict import Verdict, decide
from modelwright.workspace.alarm import Alarm, Sign

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def grown(growth: float = 0.4, *columns: str) -> Finding:
    kind = "covariate drift" if columns else "concept drift"
    return Finding(kind=kind, columns=columns, evidence=20.0, sentence="It grew.", growth=growth)


def broken(column: str = "a") -> Finding:
    return Finding(
        kind="missing values", columns=(column,), evidence=20.0, sentence="Gone.", is_broken=True
    )


def told(
    windows: list[tuple[list[Finding], float | None]], known: tuple[Known, ...] = ()
) -> list[Verdict]:
    """Decide on windows, each with what was found and the logarithm of its loss."""
    verdicts = []
    for findings, level in windows:
        verdict = decide(findings, known, since="", level=level)
        known = verdict.known
        verdicts.append(verdict)
    return verdicts


@pytest.mark.parametrize("seed", range(20))
def test_another_world_is_told_once_while_its_loss_swings(seed):
    rng = np.random.default_rng(seed)
    swings = 0.34 + np.clip(rng.normal(0, 0.1, 50), -0.3, MATERIAL / 2)
    windows = [([grown()] if rng.random() < 0.5 else [], float(level)) for level in swings]
    verdicts = told([([grown()], 0.34), *windows])
    assert [bool(each.news) for each in verdicts] == [True] + 50 * [False]


def test_it_is_over_when_the_loss_is_as_before_and_told_when_it_is_back():
    calm = [([], 0.05), ([], 0.0), ([], 0.0)]
    verdicts = told([([grown()], 0.34), *calm, ([grown()], 0.34)])
    assert [len(each.known) for each in verdicts] == [1, 1, 0, 0, 1]
    assert [len(each.news) for each in verdicts] == [1, 0, 0, 0, 1]
    assert not verdicts[-1].worse


def test_it_is_told_again_where_it_is_clearly_worse():
    verdicts = told([([grown()], 0.34), ([grown()], 0.36), ([grown()], 0.8), ([grown()], 0.8)])
    assert [bool(each.news) for each in verdicts] == [True, False, True, False]
    assert verdicts[2].causes[0].is_worse
    assert len(verdicts[2].known) == 1


def test_another_column_is_no_news_where_the_loss_is_as_it_was_told():
    verdicts = told([([grown(0.4, "a")], 0.34), ([grown(0.4, "b")], 0.3)])
    assert [bool(each.news) for each in verdicts] == [True, False]


def test_without_labels_a_mix_lasts_while_it_is_found():
    windows = [[grown(0.4, "a")], [grown(0.42, "a")], [grown(0.01, "a")], [], [grown(0.4, "a")]]
    verdicts = told([(each, None) for each in windows])
    assert [bool(each.news) for each in verdicts] == [True, False, False, False, True]
    worse = told([([grown(0.4, "a")], None), ([grown(0.6, "a")], None)])
    assert worse[1].worse


def test_what_is_broken_lasts_with_a_faint_sign():
    (first,) = told([([broken()], None)])
    second = decide([], first.known, since="", faint=[broken()])
    assert (second.news, second.known[0].windows) == ((), 2)
    assert not decide([], second.known, since="").known


def test_an_alarm_that_grew_worse_is_open_again_unless_somebody_wants_silence():
    sign = Sign(kind="concept drift", sentence="It grew.")
    worse = Sign(kind="concept drift", sentence="It grew more.", is_worse=True)
    alarm = Alarm.open_for(sign, number=1, at=NOW).acknowledge("Ann", at=NOW)
    later = NOW + timedelta(hours=1)
    assert alarm.see(sign, at=later).state == "acknowledged"
    again = alarm.see(worse, at=later)
    assert (again.state, again.steps[-1].what) == ("open", "grew worse")
    silent = alarm.snooze(NOW + timedelta(days=1), by="Ann", at=NOW)
    assert silent.see(worse, at=later).state == "snoozed"


def test_a_loss_that_grows_by_far_is_news_although_an_input_is_broken():
    verdicts = told([([broken()], 0.0), ([broken(), grown()], 0.1), ([broken(), grown()], 1.4)])
    assert [[each.kind for each in verdict.news] for verdict in verdicts] == [
        ["missing values"],
        [],
        ["concept drift"],
    ]


def test_what_broke_late_in_a_window_is_told_once():
    late = told([([broken()], 0.06), ([broken(), grown(0.6)], 0.5), ([broken(), grown(0.6)], 0.5)])
    assert [bool(each.news) for each in late] == [True, False, False]
    again = told([([broken()], 0.06), ([broken()], 0.5), ([broken(), grown(0.9)], 1.0)])
    assert again[2].news


def test_a_loss_that_is_left_without_what_is_broken_has_another_cause():
    known = told([([broken()], 0.0)])[-1].known
    found = [broken(), grown()]
    assert not decide(found, known, since="", level=0.3).news
    assert not decide(found, known, since="", level=0.3, left=0.1).news
    (news,) = decide(found, known, since="", level=0.3, left=0.3).news
    assert news.kind == "concept drift"


def test_what_says_how_a_column_is_broken_goes_before_what_only_says_that_it_is():
    vague = Finding(
        kind="mixed-up rows",
        columns=("a",),
        evidence=99.0,
        sentence="It misleads.",
        is_broken=True,
        is_vague=True,
    )
    rule = Finding(
        kind="broken rule", columns=("a",), evidence=50.0, sentence="Not so.", is_broken=True
    )
    assert [each.kind for each in decide([vague, rule, broken()], (), since="").news] == [
        "missing values"
    ]
    assert [each.kind for each in decide([vague, rule], (), since="").news] == ["mixed-up rows"]
