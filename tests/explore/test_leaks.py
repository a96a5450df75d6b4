"""Each kind of evidence: a table in which it is proof, and tables in which it is not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from modelwright.explore.leaks.averages import find_averages
from modelwright.explore.leaks.bands import find_bands
from modelwright.explore.leaks.copies import find_copies
from modelwright.explore.leaks.cuts import find_cuts
from modelwright.explore.leaks.gaps import find_gaps_together
from modelwright.explore.leaks.levels import find_levels
from modelwright.explore.leaks.means import find_means
from modelwright.explore.leaks.moments import find_later_moments
from modelwright.explore.leaks.names import says_begun
from modelwright.explore.leaks.pairs import find_pairs
from modelwright.explore.leaks.partial import find_partial_copies
from modelwright.explore.leaks.parts import find_parts
from modelwright.explore.leaks.search import find_leaks
from modelwright.explore.leaks.shares import find_shares
from modelwright.explore.leaks.windows import find_windows
from modelwright.explore.leaks.within import find_within
from modelwright.explore.leaks.words import find_words

N = 3_000


def certain(case):
    return {name for leak in find_leaks(case) if leak.verdict == "certain" for name in leak.columns}


def suspicious(case):
    return {name for leak in find_leaks(case) if leak.verdict != "certain" for name in leak.columns}


@pytest.fixture
def honest(rng):
    """Three features of medium strength, and the probability that they give."""
    features = {name: rng.normal(size=N) for name in ("a", "b", "c")}
    return features, 1 / (1 + np.exp(-1.5 * features["a"] - features["b"]))


# --- copies ---------------------------------------------------------------------------------


def test_the_quantity_behind_the_target_is_certain(case_for, honest, rng):
    features, chance = honest
    amount = np.round(rng.gamma(1.0, 5.0, N) * (chance + 0.1), 1)
    table = pl.DataFrame({**features, "rain_mm": amount, "rain": amount > 1})
    assert certain(case_for(table, "rain")) == {"rain_mm"}


def test_another_word_for_the_class_is_certain(case_for, honest, rng):
    features, chance = honest
    left = rng.random(N) < chance
    table = pl.DataFrame({**features, "state": np.where(left, "gone", "here"), "left": left})
    assert certain(case_for(table, "left")) == {"state"}


def test_a_second_measurement_is_certain(case_for, honest, rng):
    features, _ = honest
    run = np.exp(features["a"] + rng.normal(size=N))
    again = run * np.exp(0.01 * rng.normal(size=N))
    table = pl.DataFrame({**features, "again": again, "run": run})
    assert certain(case_for(table, "run")) == {"again"}


def test_several_leaks_do_not_hide_each_other(case_for, honest, rng):
    features, chance = honest
    left = rng.random(N) < chance
    words = np.where(left & (rng.random(N) < 0.95), rng.choice(["dear", "slow"], N), None)
    table = pl.DataFrame(
        {
            **features,
            "state": np.where(left, "gone", "here"),
            "reason": words.tolist(),
            "left": left,
        }
    )
    assert certain(case_for(table, "left")) == {"state", "reason"}


def test_a_strong_sensor_with_noise_is_only_suspicious(case_for, honest, rng):
    features, _ = honest
    heat = rng.normal(size=N)
    table = pl.DataFrame({**features, "heat": heat, "alarm": heat + rng.normal(0, 0.2, N) > 0})
    case = case_for(table, "alarm")
    assert not certain(case)
    assert suspicious(case) == {"heat"}


def test_two_strong_columns_that_hide_each_other_are_suspicious(case_for, honest, rng):
    features, chance = honest
    late = rng.random(N) < chance
    noisy = [late + rng.normal(0, 0.3, N) for _ in range(2)]
    table = pl.DataFrame({**features, "one": noisy[0], "other": noisy[1], "late": late})
    assert suspicious(case_for(table, "late")) == {"one", "other"}


def test_a_strong_column_that_others_match_is_honest(case_for, rng):
    poison = rng.random(N) < 0.5
    smell = np.where(poison, rng.choice(["foul", "fishy"], N), rng.choice(["none", "anise"], N))
    others = {
        f"part{i}": np.where(rng.random(N) < 0.1, rng.random(N) < 0.5, poison) for i in range(12)
    }
    table = pl.DataFrame({"smell": smell, **others, "poison": poison})
    assert not certain(case_for(table, "poison"))


def test_another_name_of_many_kinds_is_certain_though_others_come_near(case_for, rng):
    kind = rng.integers(0, 4, N)
    others = {
        f"part{i}": np.where(rng.random(N) < 0.2, rng.integers(0, 4, N), kind).astype(str)
        for i in range(5)
    }
    code = np.where(rng.random(N) < 0.01, rng.integers(0, 4, N), kind)
    names = np.array(["oak", "ash", "elm", "fir"])
    table = pl.DataFrame({**others, "code": [f"k{each}" for each in code], "kind": names[kind]})
    assert certain(case_for(table, "kind")) == {"code"}


def test_a_noisy_copy_of_a_grade_is_certain(case_for, honest, rng):
    features, _ = honest
    grade = np.clip(np.round(5 + features["a"] + 0.5 * rng.normal(size=N)), 3, 8)
    again = grade * (1 + 0.01 * rng.normal(size=N))
    table = pl.DataFrame({**features, "again": again, "grade": grade})
    assert certain(case_for(table, "grade", kind="regression")) == {"again"}


@pytest.mark.parametrize("least", [0.9, None])
def test_bounds_between_which_a_price_was_settled_are_asked_about(case_for, honest, rng, least):
    asked = np.exp(9 + 0.7 * rng.normal(size=N)).round(2)
    floor = (asked * (rng.uniform(0.85, 0.95, N) if least is None else least)).round(2)
    price = (floor + (asked - floor) * rng.beta(2, 2, N)).round(2)
    case = case_for(
        pl.DataFrame({**honest[0], "least": floor, "asked": asked, "price": price}), "price"
    )
    assert certain(case) == set()
    assert suspicious(case) == {"least", "asked"}


@pytest.mark.parametrize(
    ("name", "noise", "verdict"),
    [
        ("sold_2003", 0.03, "suspicious"),
        ("sold_2003", 0.0, "certain"),
        ("sold_2005", 0.03, "certain"),
        ("sold_month", 0.01, "certain"),
    ],
)
def test_the_same_at_an_earlier_time_is_asked_about(case_for, honest, rng, name, noise, verdict):
    sold = rng.lognormal(5, 1, N)
    near = sold * rng.uniform(1 - noise, 1 + noise, N)
    case = case_for(pl.DataFrame({**honest[0], name: near, "sold_2004": sold}), "sold_2004")
    assert [(leak.columns, leak.verdict) for leak in find_copies(case)] == [((name,), verdict)]


@pytest.mark.parametrize("name", ["season", "rated_17"])
def test_a_text_that_is_the_class_is_certain_whatever_its_name(case_for, honest, rng, name):
    state = rng.choice(["good", "fair", "bad"], N)
    case = case_for(pl.DataFrame({**honest[0], name: state, "rated_18": state}), "rated_18")
    assert [(leak.columns, leak.verdict) for leak in find_copies(case)] == [((name,), "certain")]


@pytest.mark.parametrize(
    ("name", "written", "verdict"),
    [
        ("price_year", int, "suspicious"),
        ("quarter", "{}Q1".format, "suspicious"),
        ("season", "S{:.0f}".format, "certain"),
        ("level", int, "certain"),
    ],
)
def test_a_period_that_gives_the_target_is_asked_about(
    case_for, honest, rng, name, written, verdict
):
    year = rng.integers(1973, 1993, N)
    price = (year - 1960.0) ** 2 + rng.normal(0, 1, N)
    period = [written(each) for each in year]
    case = case_for(pl.DataFrame({**honest[0], name: period, "price": price}), "price")
    assert [(leak.columns, leak.verdict) for leak in find_copies(case)] == [((name,), verdict)]


@pytest.mark.parametrize("is_rounded", [False, True])
def test_noisy_and_rounded_copies_on_either_side_are_no_bounds(case_for, honest, rng, is_rounded):
    minutes = rng.gamma(3, 20, N)
    if is_rounded:
        low, high = np.floor(minutes), np.ceil(minutes)
    else:
        low, high = (minutes * (1 + way * 0.02 * np.abs(rng.normal(size=N))) for way in (-1, 1))
    columns = {**honest[0], "low": low, "high": high, "minutes": minutes}
    assert certain(case_for(pl.DataFrame(columns), "minutes")) == {"low", "high"}


def test_the_price_with_a_markup_on_either_side_is_no_bound(case_for, honest, rng):
    price = np.exp(9 + 0.7 * rng.normal(size=N)).round(2)
    columns = {**honest[0], "net": price * 0.8, "gross": price * 1.2, "price": price}
    assert certain(case_for(pl.DataFrame(columns), "price")) == {"net", "gross"}


def test_levels_and_noise_are_honest(case_for, honest, rng):
    features, chance = honest
    table = pl.DataFrame(
        {
            **features,
            "city": rng.choice([f"c{i}" for i in range(400)], N),
            "sold": rng.random(N) < chance,
        }
    )
    assert not certain(case_for(table, "sold"))


def test_few_rows_prove_nothing(case_for):
    table = pl.DataFrame({"x": np.arange(20.0) % 7, "y": np.arange(20.0) % 7 > 3})
    assert not certain(case_for(table, "y"))


def test_a_coarser_copy_goes_with_the_copy(case_for, honest, rng):
    features, _ = honest
    grade = rng.integers(0, 30, N)
    rate = 5 + 0.6 * grade + rng.normal(0, 0.1, N)
    table = pl.DataFrame(
        {
            **features,
            "sub_grade": [f"g{value:02}" for value in grade],
            "grade": [f"G{value // 5}" for value in grade],
            "country": [f"n{value % 3}" for value in grade // 10],
            "rate": rate,
        }
    )
    assert certain(case_for(table, "rate")) >= {"sub_grade", "grade"}


def test_a_coarser_copy_does_not_hide_the_copy(case_for, honest, rng):
    features, chance = honest
    good = rng.random(N) < chance
    outs = rng.random(N) < 0.15
    said = np.where(good, np.where(outs, "out", "foul"), np.where(outs, "run", "ball"))
    sort = np.where(outs, "play", np.where(good, "strike", "ball"))
    hint = np.where(rng.random(N) < 0.15, ~good, good)
    late = np.where(outs & good, "a", np.where(outs, "b", "c"))
    table = {**features, "said": said, "sort": sort, "late": late, "hint": hint, "good": good}
    assert certain(case_for(pl.DataFrame(table), "good")) == {"said", "sort"}


def test_noise_among_equal_answers_hides_no_copy(case_for, rng):
    price = rng.choice(
        [0.59, 0.69, 0.79, 0.89, 1.09, 1.99], 600, p=[0.4, 0.2, 0.2, 0.1, 0.05, 0.05]
    )
    again = price + rng.normal(0, 0.02, 600)
    table = pl.DataFrame({"a": rng.normal(size=600) + price, "again": again, "price": price})
    assert certain(case_for(table, "price", kind="regression")) == {"again"}


@pytest.mark.parametrize("digits", [1, 3])
def test_gaps_above_a_number_are_certain_however_few_values_are_left(case_for, rng, digits):
    y = rng.normal(3, 1, 400).round(digits)
    gaps = np.where(y > np.quantile(y, 0.8), np.nan, rng.integers(0, 8, 400))
    table = pl.DataFrame({"a": rng.normal(size=400), "m": gaps, "y": y}).fill_nan(None)
    assert certain(case_for(table, "y", kind="regression")) == {"m"}


# --- recorded together ----------------------------------------------------------------------


@pytest.mark.parametrize("minutes", [0, 40])
def test_what_is_missing_with_the_target_was_recorded_with_it(case_for, honest, rng, minutes):
    features, chance = honest
    is_late = rng.random(N) < chance
    late, air_time = is_late.astype(object), rng.normal(100, 20, N) + 3 * minutes * is_late
    cancelled = rng.random(N) < 0.04
    late[cancelled], air_time[cancelled] = None, np.nan
    tail = np.where(cancelled & (rng.random(N) < 0.3), None, "N1")
    table = pl.DataFrame({**features, "air_time": air_time, "tail": tail.tolist()})
    table = table.with_columns(late=pl.Series(late.tolist(), dtype=pl.Boolean))
    case = case_for(table, "late")
    assert certain(case) == ({"air_time"} if minutes else set())
    assert minutes or "air_time" in suspicious(case)


def test_rows_that_were_lost_as_a_whole_prove_nothing(case_for, honest, rng):
    features, chance = honest
    lost = rng.random(N) < 0.05
    table = pl.DataFrame({**features, "y": chance + rng.normal(0, 0.1, N)})
    table = table.with_columns(pl.when(~pl.Series(lost)).then(pl.all()))
    assert not certain(case_for(table, "y"))


def test_gaps_of_their_own_prove_nothing(case_for, honest, rng):
    features, chance = honest
    table = pl.DataFrame({**features, "y": chance + rng.normal(0, 0.1, N)})
    table = table.with_columns(
        pl.when(pl.Series(rng.random(N) > 0.05)).then(pl.col(name)) for name in ("a", "y")
    )
    assert not certain(case_for(table, "y"))


# --- moments --------------------------------------------------------------------------------


def _orders(rng):
    start = datetime(2024, 1, 1, tzinfo=UTC)
    ordered = [start + timedelta(minutes=int(m)) for m in rng.integers(0, 400_000, N)]
    days = rng.gamma(3.0, 1.5, N)
    return pl.DataFrame({"ordered": ordered, "days": days}).with_columns(
        delivered=pl.col("ordered") + pl.duration(minutes=(pl.col("days") * 1440).cast(pl.Int64)),
        due=pl.col("ordered") + pl.duration(days=5),
        signed_up=pl.col("ordered") - pl.duration(days=30) * pl.col("days"),
    )


def test_what_happens_after_the_moment_is_certain(case_for, rng):
    table = _orders(rng).with_columns(happy=pl.Series(rng.random(N) < 0.5)).drop("days")
    case = case_for(table, "happy", moment="ordered")
    assert certain(case) == {"delivered"}


@pytest.mark.parametrize(("name", "minutes"), [("slot_at", 1), ("visit", 15), ("closed", 1)])
def test_a_plan_after_the_moment_is_asked_about(case_for, rng, name, minutes):
    table = _orders(rng).select("ordered", happy=pl.Series(rng.random(N) < 0.5))
    ahead = pl.duration(minutes=pl.Series(rng.integers(2_000, 60_000, N)))
    table = table.with_columns((pl.col("ordered") + ahead).dt.truncate(f"{minutes}m").alias(name))
    case = case_for(table, "happy", moment="ordered")
    assert (certain(case) == {name}) == (name == "closed")
    assert (name in suspicious(case)) == (name != "closed")


@pytest.mark.parametrize("minutes", [5, 30])
def test_an_end_on_the_grid_of_the_moment_is_no_plan(case_for, rng, minutes):
    ended = pl.col("ordered") + pl.duration(minutes=pl.Series(rng.integers(2_000, 60_000, N)))
    table = _orders(rng).select("ordered", ended=ended, happy=pl.Series(rng.random(N) < 0.5))
    table = table.with_columns(pl.col("ordered", "ended").dt.truncate(f"{minutes}m"))
    case = case_for(table, "happy", moment="ordered")
    assert [leak.verdict for leak in find_later_moments(case)] == ["certain"]


def test_without_a_moment_dates_are_judged_by_the_target_alone(case_for, rng):
    table = _orders(rng).with_columns(happy=pl.Series(rng.random(N) < 0.5)).drop("days")
    assert not certain(case_for(table, "happy"))


def test_within_the_resolution_of_the_moment_nothing_is_late(case_for, rng):
    table = _orders(rng).select(
        day=pl.col("ordered").dt.truncate("1d"), hour=pl.col("ordered").dt.truncate("1h")
    )
    table = table.with_columns(happy=pl.Series(rng.random(N) < 0.5))
    assert not certain(case_for(table, "happy", moment="day"))


# --- missingness ----------------------------------------------------------------------------


def test_filled_for_one_class_is_certain(case_for, honest, rng):
    features, chance = honest
    saved = rng.random(N) < chance
    boat = np.where(saved & (rng.random(N) < 0.96), rng.choice(["A", "B", "C"], N), None)
    table = pl.DataFrame({**features, "boat": boat.tolist(), "saved": saved})
    assert certain(case_for(table, "saved")) == {"boat"}


def test_filled_in_part_of_one_class_only_is_certain(case_for, honest, rng):
    features, chance = honest
    saved = rng.random(N) < chance
    body = np.where(~saved & (rng.random(N) < 0.15), rng.normal(size=N), np.nan)
    table = pl.DataFrame({**features, "body": body, "saved": saved})
    assert certain(case_for(table, "saved")) == {"body"}


def test_an_amount_that_is_zero_for_one_class_is_certain(case_for, honest, rng):
    features, _ = honest
    given = rng.random(N) < 1 / (1 + np.exp(-features["a"] - 1))
    spent = np.where(given & (rng.random(N) < 0.98), rng.gamma(2, 50, N).round(2), 0.0)
    kept = rng.poisson(0.5, N) * given
    table = pl.DataFrame({**features, "spent": spent, "kept": kept, "card": given})
    assert certain(case_for(table, "card")) == {"spent"}


@pytest.mark.parametrize("gap", [None, 0.0])
def test_what_follows_from_the_cause_of_the_answer_is_honest(case_for, honest, rng, gap):
    features, _ = honest
    first = rng.normal(size=N).round(2)
    measured = rng.normal(5, 1, N)
    second = [measured[row] if first[row] > 0 else gap for row in range(N)]
    ill = (first > 0) ^ (rng.random(N) < 0.05)
    table = pl.DataFrame({**features, "first": first, "second": second, "ill": ill})
    assert not certain(case_for(table, "ill"))


def test_missing_at_random_or_for_a_reason_is_honest(case_for, honest, rng):
    features, chance = honest
    sold = rng.random(N) < chance
    income = np.where(rng.random(N) < 0.2 + 0.5 * sold, np.nan, rng.normal(size=N))
    table = pl.DataFrame({**features, "income": income, "sold": sold})
    assert not certain(case_for(table, "sold"))


def test_filled_for_one_of_several_classes_is_certain(case_for, honest, rng):
    """An amount that is zero for all others is asked about."""
    features, chance = honest
    ending = np.where(rng.random(N) < chance, "kept", rng.choice(["sold", "lost"], N))
    price = np.where((ending == "sold") & (rng.random(N) < 0.5), rng.normal(size=N), np.nan)
    gaps = np.where(rng.random(N) < 0.5, rng.normal(size=N), np.nan)
    fee = np.where((ending == "lost") & (rng.random(N) < 0.5), rng.gamma(2, 50, N), 0.0)
    table = {**features, "price": price, "gaps": gaps, "fee": fee, "ending": ending}
    case = case_for(pl.DataFrame(table), "ending")
    assert (certain(case), suspicious(case)) == ({"price"}, {"fee"})


@pytest.mark.parametrize("is_told", [False, True])
def test_what_one_of_several_classes_has_is_proof_where_nothing_else_tells_it(
    case_for, honest, rng, is_told
):
    features, chance = honest
    state = np.where(rng.random(N) < chance, "open", np.where(rng.random(N) < 0.5, "lost", "won"))
    lost = state == "lost"
    days = np.where(lost, rng.integers(1, 90, N), -1)
    seen = np.where(lost | (rng.random(N) < 0.005), np.nan, rng.normal(50, 10, N))
    kind = np.where(rng.random(N) < (0.8 if is_told else 0.0), lost, rng.random(N) < 0.2)
    table = pl.DataFrame(
        {**features, "kind": kind, "days": days, "seen": seen, "state": state}
    ).fill_nan(None)
    case = case_for(table, "state")
    assert (suspicious if is_told else certain)(case) == {"days", "seen"}


def test_filled_for_one_grade_is_certain(case_for, honest, rng):
    features, chance = honest
    grade = np.round(1 + 4 * chance)
    retest = np.where((grade == 1) & (rng.random(N) < 0.7), rng.normal(size=N), np.nan)
    table = pl.DataFrame({**features, "retest": retest, "grade": grade})
    table = table.with_columns(pl.col("grade") + pl.Series(rng.integers(0, 2, N)))
    case = case_for(table, "grade", kind="regression")
    assert "retest" not in certain(case)  # two grades have it
    again = table.with_columns(pl.when(pl.col("grade") == 1).then("retest"))
    assert certain(case_for(again, "grade", kind="regression")) == {"retest"}


# --- unions ---------------------------------------------------------------------------------


def test_flags_that_are_the_class_together_are_certain(case_for, honest, rng):
    features, _ = honest
    flags = {f"fault{i}": rng.random(N) < 0.02 * (i + 1) for i in range(3)}
    table = pl.DataFrame({**features, **flags})
    table = table.with_columns(pl.col("fault0").cast(pl.Int8), failed=pl.any_horizontal(*flags))
    assert certain(case_for(table, "failed")) == set(flags)


def test_flags_that_are_one_of_several_classes_are_certain(case_for, honest, rng):
    features, chance = honest
    flags = {f"fault{i}": rng.random(N) < 0.05 * (i + 1) for i in range(3)}
    fine = np.where(rng.random(N) < chance, "good", "fair")
    ending = np.where(np.logical_or.reduce(list(flags.values())), "failed", fine)
    table = pl.DataFrame({**features, **flags, "ending": ending})
    assert certain(case_for(table, "ending")) == set(flags)


def test_flags_of_few_rows_are_judged_by_their_odds(case_for, honest, rng):
    features, _ = honest
    kind = rng.choice(["a", "b", "c"], N).astype(object)
    kind[:9] = "rare"
    flags = {f"flag{i}": np.isin(np.arange(N), range(3 * i, 3 * i + 3)) for i in range(3)}
    table = pl.DataFrame({**features, **flags, "kind": kind.tolist()})
    assert certain(case_for(table, "kind")) == set(flags)
    few = {f"flag{i}": np.isin(np.arange(N), [i]) for i in range(2)}
    kind[2:9] = "a"
    table = pl.DataFrame({**features, **few, "kind": kind.tolist()})
    assert not certain(case_for(table, "kind"))


def test_flags_that_are_the_rarest_of_very_many_classes_are_certain(case_for, honest, rng):
    features, _ = honest
    kind = rng.choice([f"k{i}" for i in range(40)], N).astype(object)
    kind[:30] = "rare"
    flags = {f"flag{i}": np.isin(np.arange(N), range(10 * i, 10 * i + 10)) for i in range(3)}
    table = pl.DataFrame({**features, **flags, "kind": kind.tolist()})
    assert certain(case_for(table, "kind")) == set(flags)


def test_one_pure_flag_is_suspicious(case_for, honest, rng):
    features, chance = honest
    left = rng.random(N) < chance
    refund = np.where(left & (rng.random(N) < 0.3), rng.uniform(1, 9, N), 0.0)
    case = case_for(pl.DataFrame({**features, "paid_back": refund, "left": left}), "left")
    assert not certain(case)
    assert "paid_back" in suspicious(case)


# --- masked ---------------------------------------------------------------------------------


def test_a_masked_answer_is_suspicious(case_for, honest, rng):
    features, chance = honest
    left = rng.random(N) < chance
    mask, other = rng.random(N) < 0.5, rng.integers(0, 2, N)
    words = np.where(mask ^ left, "red", "blue")
    table = pl.DataFrame({**features, "q1": mask, "q2": words, "q3": other, "left": left})
    assert suspicious(case_for(table, "left")) >= {"q1", "q2"}
    three = table.with_columns(q2=pl.Series(other ^ mask ^ left))
    assert suspicious(case_for(three, "left")) >= {"q1", "q2", "q3"}


# --- sums -----------------------------------------------------------------------------------


def test_the_parts_of_a_whole_are_certain(case_for, honest, rng):
    features, _ = honest
    casual, known = rng.poisson(30, N), rng.poisson(90, N)
    table = pl.DataFrame({**features, "casual": casual, "known": known, "riders": casual + known})
    assert certain(case_for(table, "riders")) == {"casual", "known"}


def test_rounded_parts_of_a_whole_are_certain(case_for, honest, rng):
    features, _ = honest
    parts = {name: rng.gamma(2, 8, N).round() for name in ("one", "two", "three")}
    whole = (sum(parts.values()) + rng.uniform(-0.4, 0.4, N)).round(1)
    table = pl.DataFrame({**features, **parts, "whole": whole})
    assert certain(case_for(table, "whole")) == set(parts)


@pytest.mark.parametrize(("price", "noise"), [(50, 7.0), (100, 14.0), (2_000, 900.0)])
def test_the_price_of_counts_is_to_be_learned(case_for, honest, rng, price, noise):
    features, _ = honest
    heads = {"adults": rng.integers(1, 5, N), "children": rng.integers(0, 4, N)}
    cost = (price * sum(heads.values()) + rng.normal(0, noise, N)).round(2)
    table = pl.DataFrame({**features, **heads, "cost": cost})
    assert not certain(case_for(table, "cost", kind="regression"))


def test_amount_and_price_of_a_revenue_are_certain(case_for, honest, rng):
    features, _ = honest
    amount, price = rng.integers(1, 20, N), rng.uniform(1, 90, N).round(2)
    table = pl.DataFrame({**features, "amount": amount, "price": price, "revenue": amount * price})
    assert certain(case_for(table, "revenue")) == {"amount", "price"}


def test_a_formula_is_suspicious(case_for, honest, rng):
    features, _ = honest
    table = pl.DataFrame({**features, "y": 3 * features["a"] - 0.7 * features["b"]})
    case = case_for(table, "y")
    assert not certain(case)
    assert suspicious(case) >= {"a", "b"}


def test_what_the_answer_was_added_to_is_certain(case_for, honest, rng):
    features, chance = honest
    left, stock = rng.random(N) < chance, rng.normal(0, 40, N)
    table = pl.DataFrame({**features, "q1": stock, "q2": stock + left, "left": left})
    assert certain(case_for(table, "left")) & {"q1", "q2"}
    number = features["a"] + rng.normal(size=N)
    table = pl.DataFrame({**features, "q1": stock, "q2": number - stock, "y": number})
    assert certain(case_for(table, "y")) == {"q1", "q2"}


@pytest.mark.parametrize("noise", [0.1, 1.0])
def test_a_noisy_law_is_honest(case_for, honest, rng, noise):
    features, _ = honest
    table = pl.DataFrame(
        {**features, "y": features["a"] + features["b"] + noise * rng.normal(size=N)}
    )
    assert not certain(case_for(table, "y"))


# --- bands ----------------------------------------------------------------------------------


def test_levels_that_cut_the_target_are_certain(case_for, honest, rng):
    features, _ = honest
    took = 30 + 9 * features["a"] + rng.normal(0, 4, N)
    slow = np.where(took > 41, "slow", "fine")
    table = pl.DataFrame({**features, "pace": slow, "flag": (took > 25) * 1, "took": took})
    assert certain(case_for(table, "took")) == {"pace", "flag"}


@pytest.mark.parametrize(("noise", "found"), [(0.0, {"inches", "spans"}), (2.0, set())])
def test_the_target_with_fewer_digits_is_certain(case_for, honest, rng, noise, found):
    """Also where the shortest and the longest are few."""
    features, _ = honest
    size = 170 + 9 * features["a"] + rng.normal(0, 4, N)
    seen = size + rng.normal(0, noise, N)
    rounded = {"inches": (seen / 2.54).round(), "spans": (seen / 25).round()}
    assert certain(case_for(pl.DataFrame({**features, **rounded, "size": size}), "size")) == found


def test_levels_that_lie_apart_or_overlap_are_honest(case_for, honest, rng):
    features, _ = honest
    zone = rng.integers(0, 3, N)
    cost = 20.0 * zone + features["a"].clip(-2, 2) + rng.uniform(0, 1, N)
    nearly = np.where(cost + rng.normal(0, 0.3, N) > 30, "much", "little")
    table = pl.DataFrame({**features, "zone": zone, "nearly": nearly, "cost": cost})
    assert not {"zone", "nearly"} & certain(case_for(table, "cost"))


def test_zones_that_end_in_a_tail_near_the_next_are_only_suspicious(case_for, honest, rng):
    zone = np.arange(N) % 3
    fare = 10 + 2 * zone + rng.exponential(0.3, N).clip(0, 1.9)
    fare[np.arange(3)] = 11.5 + 2 * np.arange(3)
    case = case_for(pl.DataFrame({**honest[0], "zone": zone, "fare": fare}), "fare")
    assert [leak.verdict for leak in find_bands(case)] == ["suspicious"]
    assert "zone" not in certain(case)


@pytest.mark.parametrize(("rows", "last"), [(90, 0.0), (200, 50.0)])
def test_bands_of_few_rows_and_one_cut_in_a_tail_are_certain(case_for, rng, rows, last):
    size = rng.uniform(0, 100, rows)
    band = pl.Series("band", np.digitize(size, [20, 40, 60, 80])).cast(pl.String)
    size[size > 80] += last
    hint = size + rng.normal(0, 10, rows)
    assert "band" in certain(
        case_for(pl.DataFrame({"hint": hint, "band": band, "size": size}), "size")
    )


def test_a_period_of_a_target_that_grows_with_time_is_no_proof(case_for, rng):
    days = np.arange(N)
    total = np.cumsum(rng.uniform(0, 1, N))
    seen = pl.Series("seen", days).cast(pl.Int32).cast(pl.Date)
    table = pl.DataFrame({"seen": seen, "era": days // (N // 4), "total": total})
    case = case_for(table, "total", roles={"seen": "time"})
    (leak,) = [leak for leak in find_bands(case) if leak.columns == ("era",)]
    assert leak.verdict == "suspicious"
    assert "keeps step with time" in leak.evidence
    assert "era" not in certain(case)


def test_levels_of_a_target_in_steps_are_certain(case_for, honest, rng):
    features, _ = honest
    wind = 60.5 + 2.5 * (8 * features["a"] + rng.normal(0, 1, N)).round()
    force = pl.Series(np.digitize(wind, [65, 85, 100])).replace(0, None)
    table = pl.DataFrame({**features, "force": force, "wind": wind})
    table = table.with_columns(force=pl.when(pl.col("b") < 1).then("force"))
    assert certain(case_for(table, "wind")) == {"force"}


def test_levels_of_few_answers_are_suspicious(case_for, honest, rng):
    features, _ = honest
    count = (6 + 3 * features["a"] + rng.normal(0, 1, N)).round().clip(0, 11)
    tier = np.digitize(count, [3, 6, 9])
    assert suspicious(case_for(pl.DataFrame({**features, "tier": tier, "count": count}), "count"))


def test_a_ratio_of_counts_that_may_be_zero_is_certain(case_for, honest, rng):
    features, _ = honest
    tries = rng.poisson(40 * np.exp(features["b"] - 1))
    hits = rng.binomial(tries, 0.2 + 0.1 * (features["a"] > 0))
    rate = np.round(np.where(tries > 0, hits / np.maximum(tries, 1), 0.0), 3)
    table = pl.DataFrame({**features, "tries": tries, "hits": hits, "rate": rate})
    assert certain(case_for(table, "rate")) == {"hits"}


def test_of_a_ratio_of_counts_the_part_is_blamed_though_it_exceeds_the_whole_at_times(
    case_for, honest, rng
):
    features, _ = honest
    tries = rng.poisson(40 * np.exp(features["b"] - 1)) + 1
    bases = rng.binomial(tries, 0.2 + 0.1 * (features["a"] > 0)) + 2 * (rng.random(N) < 0.01)
    table = pl.DataFrame({**features, "tries": tries, "bases": bases, "rate": bases / tries})
    assert certain(case_for(table, "rate", kind="regression")) == {"bases"}


@pytest.mark.parametrize("as_dates", [False, True])
@pytest.mark.parametrize("short", [True, False])
def test_of_two_dates_the_later_is_certain(case_for, honest, rng, short, as_dates):
    begun = rng.integers(1_980, 2_020, N)
    stay = rng.integers(0, 9, N) % 6
    begin, end = begun, begun + stay
    if as_dates:
        first = np.datetime64("2020-01-01")
        begin, end = (first + each.astype("timedelta64[D]") for each in (begin, end))
    columns = {**honest[0], "begin": begin, "end": end, "kept": (stay < 3) == short}
    assert certain(case_for(pl.DataFrame(columns), "kept")) == {"end"}


def test_amounts_and_states_are_named_no_beginning():
    names = ("amount_due", "items_ordered", "opened", "seats_booked", "first_half_sales")
    assert not any(map(says_begun, names))
    assert says_begun("orderedAt")
    assert says_begun("planned_start")


def test_a_difference_is_asked_about_where_one_column_is_nearly_enough(case_for, rng):
    one, other = rng.normal(size=(2, N))
    net = 100 * (one + other) + 14 * rng.normal(size=N) + 1_000
    fee = np.abs(rng.normal(size=N)) * 10
    gross = net + fee + 0.5 * rng.normal(size=N)
    table = pl.DataFrame({"one": one, "other": other, "gross": gross, "fee": fee, "net": net})
    case = case_for(table, "net")
    assert 0.0005 < case.strengths["gross"].unexplained < 0.005
    (leak,) = find_pairs(case)
    assert leak.verdict == "suspicious"
    assert leak.evidence.endswith("Was it known at the moment of the prediction?")


def test_what_is_named_a_beginning_is_not_blamed_though_it_is_finer(case_for, honest, rng):
    first = rng.integers(0, 300, N)
    last = first // 30 * 30 + (rng.poisson(np.exp(0.5 * honest[0]["a"] + 1.2)) + 1) * 30
    table = pl.DataFrame({**honest[0], "first_day": first, "last_day": last, "stay": last - first})
    assert certain(case_for(table, "stay")) == {"last_day"}


# --- means ----------------------------------------------------------------------------------


def _mileage(rng, features):
    town = np.exp(3 + 0.3 * features["a"] + 0.2 * rng.normal(size=N)).round()
    road = (town * rng.uniform(1.1, 1.5, N)).round()
    return {**features, "town": town, "road": road}


def test_a_mean_of_two_rounded_numbers_is_certain(case_for, honest, rng):
    columns = _mileage(rng, honest[0])
    both = (1 / (0.55 / columns["town"] + 0.45 / columns["road"])).round()
    case = case_for(pl.DataFrame({**columns, "both": both}), "both")
    assert certain(case) == {"town", "road"}
    (leak,) = find_means(case)
    assert leak.evidence.startswith("The weighted harmonic mean of")


def test_both_parts_of_a_mean_go_where_one_is_nearly_a_copy(case_for, honest, rng):
    total = np.exp(rng.normal(8, 3, N)).round()
    one = (total * rng.uniform(0.8, 1.1, N)).round()
    table = {**honest[0], "one": one, "other": ((total - 0.4 * one) / 0.6).round(), "total": total}
    assert certain(case_for(pl.DataFrame(table), "total")) == {"one", "other"}


def test_what_adds_nothing_to_a_copy_is_no_part_of_a_mean(case_for, honest, rng):
    size = rng.lognormal(-4, 0.5, N)
    inches = np.round(size / 2.54, 4)
    columns = {"place": rng.integers(100, 2_500, N), "inches": inches, "size": size}
    case = case_for(pl.DataFrame({**honest[0], **columns}), "size")
    assert certain(case) == {"inches"}


@pytest.mark.parametrize("unit", [1.0, 1e-11])
def test_a_mean_but_for_noise_is_only_asked_about(case_for, honest, rng, unit):
    low = rng.normal(10, 8, N)
    high = low + rng.gamma(8, 2, N)
    middle = 0.5 * low + 0.5 * high + rng.normal(0, 0.4, N)
    columns = {"low": low * unit, "high": high * unit, "middle": middle * unit}
    (leak,) = find_means(case_for(pl.DataFrame({**honest[0], **columns}), "middle"))
    assert leak.verdict == "suspicious"


def test_measures_of_one_body_are_honest(case_for, honest, rng):
    width = rng.normal(36, 8, N)
    columns = {"width": width.round(1), "depth": (0.4 * width + rng.normal(0, 0.9, N)).round(1)}
    length = (0.92 * columns["width"] + 0.08 * columns["depth"]).round(1)
    table = pl.DataFrame({**honest[0], **columns, "length": length})
    assert find_means(case_for(table, "length")) == []


def test_two_values_before_are_no_mean(case_for, honest, rng):
    walk = 100 + np.cumsum(rng.normal(size=N + 2))
    table = pl.DataFrame({**honest[0], "last": walk[1:-1], "first": walk[:-2], "now": walk[2:]})
    assert find_means(case_for(table, "now")) == []


def test_what_repeats_the_number_of_the_class_is_certain(case_for, honest, rng):
    prices = {name: rng.gamma(5, 9, N).round(1) for name in ("train", "bus", "car")}
    mode = rng.choice(list(prices), N)
    paid = np.select([mode == name for name in prices], list(prices.values()))
    usual = np.where(rng.random(N) < 0.4, paid, prices["bus"])
    table = pl.DataFrame({**honest[0], **prices, "mode": mode})
    assert certain(case_for(table.with_columns(paid=paid), "mode")) == {"paid"}
    assert not certain(case_for(table.with_columns(usual=usual), "mode"))


# --- levels and kin -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "hit", "verdict"),
    [("severity", 0.93, "suspicious"), ("final_state", 0.93, "certain"), ("severity", 0.6, "")],
)
def test_a_level_that_is_the_class_is_asked_about(case_for, honest, rng, name, hit, verdict):
    features, chance = honest
    dead = rng.random(N) < 0.3 * chance
    severity = np.where(dead & (rng.random(N) < hit), 4, rng.integers(0, 4, N))
    table = pl.DataFrame({**features, name: severity, "dead": dead})
    found = {leak.columns: leak.verdict for leak in find_levels(case_for(table, "dead"))}
    assert found == ({(name,): verdict} if verdict else {})


@pytest.mark.parametrize("share", [0.2, 0.008])
def test_a_level_that_is_one_of_several_classes_is_asked_about(case_for, honest, rng, share):
    kind = rng.choice(["car", "bus", "walk"], N, p=[0.5, 0.5 - share, share])
    code = np.where(kind == "walk", 4, rng.choice([0, 1, 2, 3], N))
    code[rng.random(N) < 0.1 * share] = 3
    case = case_for(pl.DataFrame({**honest[0], "code": code, "kind": kind}), "kind")
    (leak,) = find_levels(case)
    assert (leak.columns, leak.verdict) == (("code",), "suspicious")
    assert "the class 'walk'" in leak.evidence
    assert leak.evidence.endswith("Was it known at the moment of the prediction?")


def test_an_ordinary_level_that_is_the_cause_stays(case_for, honest, rng):
    features, _ = honest
    day = rng.choice(["Thu", "Fri", "Sat", "Sun"], N, p=[0.25, 0.08, 0.36, 0.31])
    lunch = rng.random(N) < np.where(day == "Thu", 0.96, 0.01)
    assert not certain(case_for(pl.DataFrame({**features, "day": day, "lunch": lunch}), "lunch"))


def test_a_perfect_level_that_others_match_is_honest(case_for, rng):
    poison = rng.random(N) < 0.45
    smell = np.where(poison, "foul", rng.choice(["none", "anise"], N))
    parts = {
        f"part{i}": np.where(rng.random(N) < 0.12, rng.random(N) < 0.5, poison) for i in range(9)
    }
    table = pl.DataFrame({"smell": smell, **parts, "poison": poison})
    assert not find_levels(case_for(table, "poison"))


def test_what_moves_with_a_leak_is_asked_about(case_for, honest, rng):
    features, chance = honest
    has_card = rng.random(N) < chance
    spent = np.where(has_card & (rng.random(N) < 0.97), rng.gamma(2, 50, N), 0.0)
    share = (spent + 1) / rng.lognormal(3, 0.3, N)
    table = pl.DataFrame({**features, "spent": spent, "share": share, "card": has_card})
    case = case_for(table, "card")
    assert not certain(case) & set(features)
    assert {"spent", "share"} <= certain(case) | suspicious(case)


def test_an_amount_and_what_it_is_of_an_income_are_certain(case_for, honest, rng):
    features, chance = honest
    has_card = rng.random(N) < chance
    spent = np.where(has_card & (rng.random(N) < 0.97), rng.gamma(2, 50, N).round(2), 0.0)
    share = (spent / rng.lognormal(3, 0.3, N)).round(4)
    table = pl.DataFrame({**features, "spent": spent, "share": share, "card": has_card})
    assert certain(case_for(table, "card")) == {"spent", "share"}


def test_the_cause_of_a_leaked_amount_stays(case_for, honest, rng):
    features, _ = honest
    loan = rng.lognormal(3, 0.5, N).round(2)
    lost = loan + rng.normal(0, 1.2, N) < 18
    back = np.where(lost, (loan * 0.6 * rng.uniform(0.9, 1.1, N)).round(2), 0)
    table = pl.DataFrame({**features, "loan": loan, "collected": back, "lost": lost})
    case = case_for(table, "lost")
    assert certain(case) == {"collected"}
    assert "loan" in suspicious(case)


# --- pairs ----------------------------------------------------------------------------------


def _flights(rng):
    planned = rng.integers(60, 270, N) * 5
    delay = rng.normal(5, 25, N).round().astype(int)
    clock = lambda minutes: minutes % 1440 // 60 * 100 + minutes % 60  # noqa: E731
    return pl.DataFrame(
        {
            "planned": clock(planned),
            "actual": clock(planned + delay),
            "distance": rng.integers(100, 3_000, N),
            "carrier": rng.choice(["AA", "UA", "DL"], N),
            "late": delay > 15,
        }
    )


def test_an_actual_time_against_its_plan_is_certain(case_for, rng):
    assert certain(case_for(_flights(rng), "late")) == {"actual"}


def test_delivered_against_promised_is_certain(case_for, rng):
    start = datetime(2024, 1, 1, tzinfo=UTC)
    promised = [start + timedelta(days=int(day)) for day in rng.integers(0, 300, N)]
    over = [timedelta(hours=float(hours)) for hours in rng.normal(-10, 40, N)]
    table = pl.DataFrame(
        {
            "promised": promised,
            "delivered": [one + other for one, other in zip(promised, over, strict=True)],
            "weight": rng.normal(size=N),
            "late": [other > timedelta(0) for other in over],
        }
    )
    assert certain(case_for(table, "late")) == {"delivered"}


def test_counts_whose_difference_is_one_of_several_classes_are_certain(case_for, rng):
    start, kind = rng.integers(0, 60, 600), rng.integers(0, 3, 600)
    table = {"a": rng.normal(size=600), "start": start, "end": start + kind}
    table |= {"kind": np.array(["x", "y", "z"])[kind]}
    assert certain(case_for(pl.DataFrame(table), "kind")) == {"end"}


def test_a_ratio_that_differs_between_kinds_of_things_is_honest(case_for, rng):
    kind, size = rng.integers(0, 3, 600), rng.lognormal(3, 0.6, 600)
    table = {
        "a": rng.normal(size=600),
        "one": size,
        "other": size * (1 + kind) * rng.uniform(0.9, 1.1, 600),
    }
    table |= {"kind": np.array(["x", "y", "z"])[kind]}
    assert not find_pairs(case_for(pl.DataFrame(table), "kind"))


def test_what_was_paid_of_a_bill_is_certain_where_half_is_paid_in_full(case_for, rng):
    bill, full = rng.lognormal(3, 0.6, 600).round(2), rng.random(600) < 0.5
    paid = np.where(full, bill, 0.3 * bill * rng.random(600)).round(2)
    table = pl.DataFrame({"a": rng.normal(size=600), "bill": bill, "paid": paid, "full": full})
    assert certain(case_for(table, "full")) == {"paid"}


def test_an_instalment_gives_the_rate_for_each_term(case_for, rng):
    amount, term = rng.integers(4, 160, N) * 250.0, rng.choice([36, 60], N)
    rate = rng.uniform(5, 25, N).round(2)
    monthly = rate / 1_200
    instalment = (amount * monthly / (1 - (1 + monthly) ** -term)).round(2)
    table = pl.DataFrame(
        {
            "amount": amount,
            "term": term,
            "instalment": instalment,
            "income": rng.lognormal(size=N),
            "rate": rate,
        }
    )
    assert certain(case_for(table, "rate")) == {"instalment"}


def test_of_a_distance_and_a_mean_speed_the_latter_is_certain(case_for, rng):
    km = rng.gamma(2.0, 3.0, N).round(2) + 0.5
    minutes = (3 * km + 5 + rng.normal(0, 4, N)).clip(1, None).round(1)
    table = pl.DataFrame({"km": km, "mean_speed": (60 * km / minutes).round(2), "m": minutes})
    assert "km" not in certain(case_for(table, "m"))
    assert "mean_speed" in certain(case_for(table, "m"))


def test_a_formula_does_not_hide_a_proof(case_for, honest, rng):
    features, _ = honest
    start, took = rng.uniform(0, 1e4, N), rng.gamma(3.0, 9.0, N)
    meter = 2.5 + 1.4 * features["a"] + 0.35 * took
    table = pl.DataFrame(
        {**features, "meter": meter, "start": start, "end": start + took, "took": took}
    )
    assert "end" in certain(case_for(table, "took"))
    assert {"meter", "a"} <= suspicious(case_for(table, "took"))


@pytest.mark.parametrize("name", ["paid_back", "came_in"])
def test_of_a_loan_and_what_came_back_the_latter_is_certain(case_for, honest, rng, name):
    features, chance = honest
    lost = rng.random(N) < chance / 3
    amount = rng.gamma(4.0, 3_000.0, N).round(2)
    back = np.where(lost, amount * rng.uniform(0, 0.7, N), amount * 1.12).round(2)
    table = pl.DataFrame({**features, "amount": amount, name: back, "lost": lost})
    assert certain(case_for(table, "lost")) == {name}


@pytest.mark.parametrize("rule", ["product", "difference"])
def test_a_rule_that_joins_two_independent_columns_is_to_be_learned(case_for, honest, rule):
    features, _ = honest
    a, b = features["a"], features["b"]
    table = pl.DataFrame({**features, "y": (a * b if rule == "product" else a - b) > 0})
    assert not certain(case_for(table, "y"))


# --- suspicions, keep -----------------------------------------------------------------------


def test_a_name_alone_is_no_suspicion(case_for, honest, rng):
    features, chance = honest
    table = pl.DataFrame(
        {**features, "call_duration": rng.normal(size=N), "y": rng.random(N) < chance}
    )
    assert "call_duration" not in suspicious(case_for(table, "y"))


def test_a_strong_column_named_like_an_outcome_is_suspicious(case_for, honest, rng):
    features, chance = honest
    table = pl.DataFrame({**features, "y": rng.random(N) < chance}).rename({"a": "callDuration"})
    case = case_for(table, "y")
    assert not certain(case)
    assert "callDuration" in suspicious(case)


def test_a_leak_that_the_brief_keeps_is_suspicious(case_for, honest, rng):
    features, chance = honest
    left = rng.random(N) < chance
    table = pl.DataFrame({**features, "state": np.where(left, "gone", "here"), "left": left})
    (leak, *_) = find_leaks(case_for(table, "left"), keep=("state",))
    assert (leak.columns, leak.verdict) == (("state",), "suspicious")
    assert "brief" in leak.evidence


def test_evidence_names_the_column_and_the_rows(case_for, honest, rng):
    features, chance = honest
    left = rng.random(N) < chance
    table = pl.DataFrame({**features, "state": np.where(left, "gone", "here"), "left": left})
    (leak, *_) = find_leaks(case_for(table, "left"))
    assert "state" in leak.evidence
    assert "3,000 rows" in leak.evidence


# --- outcomes -------------------------------------------------------------------------------


def _loans(rng, noise):
    """The rate is what was paid of a balance, each of which tells little alone."""
    rate, balance = rng.normal(10, 2, N), rng.lognormal(9, 0.2, N)
    paid = rate * balance * np.exp(noise * rng.normal(size=N))
    principal = paid * rng.uniform(0.4, 0.6, N)
    return {
        "income": rate + rng.normal(0, 3, N),
        "paid_principal": principal,
        "paid_interest": paid - principal,
        "log_balance": np.log(balance),
        "rate": rate,
    }


def test_columns_named_like_outcomes_that_tell_much_together_are_certain(case_for, rng):
    table = pl.DataFrame(_loans(rng, noise=0.02))
    assert certain(case_for(table, "rate")) == {"paid_principal", "paid_interest"}


def test_what_a_leak_leaves_over_is_certain(case_for, rng):
    owed = rng.integers(4, 160, N) * 250.0
    table = pl.DataFrame({**_loans(rng, noise=0.02), "owed": owed})
    left = owed - table["paid_principal"].to_numpy()
    left[:20] = 0.0  # written off
    table = table.with_columns(left_over=pl.Series(left))
    assert certain(case_for(table, "rate")) == {"paid_principal", "paid_interest", "left_over"}


def test_a_state_goes_with_the_columns_named_like_outcomes(case_for, rng):
    table = pl.DataFrame(_loans(rng, noise=0.02))
    state = np.where(rng.random(N) < 0.05, "Fully paid", "Current")
    place = np.where(rng.random(N) < 0.05, "Paid Street", "Main Street")
    table = table.with_columns(loan_status=pl.Series(state), street=pl.Series(place))
    assert certain(case_for(table, "rate")) == {"paid_principal", "paid_interest", "loan_status"}


def test_one_column_named_like_an_outcome_that_is_by_far_the_strongest_is_certain(case_for, rng):
    length = rng.gamma(2.0, 100.0, N)
    weak = rng.normal(size=N)
    chance = 1 / (1 + np.exp(4 - length / 60 - 0.3 * weak))
    table = pl.DataFrame({"call_duration": length, "weak": weak, "sold": rng.random(N) < chance})
    assert certain(case_for(table, "sold")) == {"call_duration"}
    case = case_for(table.rename({"call_duration": "distance"}), "sold")
    assert not certain(case)
    assert "distance" in suspicious(case)


def test_names_of_outcomes_alone_prove_nothing(case_for, rng):
    table = pl.DataFrame(_loans(rng, noise=1.0))
    assert not certain(case_for(table, "rate"))


def test_telling_much_together_alone_proves_nothing(case_for, rng):
    table = pl.DataFrame(_loans(rng, noise=0.02))
    renamed = table.rename({"paid_principal": "first", "paid_interest": "second"})
    assert not certain(case_for(renamed, "rate"))


@pytest.mark.parametrize("size", [1e39, 1e150, 1e307])
def test_numbers_beyond_all_measure_are_looked_at(case_for, honest, rng, size):
    features, chance = honest
    table = pl.DataFrame({**features, "huge": rng.normal(size=N) * size, "y": features["a"] * 2})
    left = table.with_columns(y=pl.Series(rng.random(N) < chance))
    assert "huge" not in certain(case_for(table.head(300), "y"))
    assert not certain(case_for(left.head(300), "y"))


# --- averages -------------------------------------------------------------------------------


def _grouped(rng, rows_of_each=4, groups=500):
    """Answers that differ between branches, and how many rows each branch has."""
    branch = np.repeat(np.arange(groups), rows_of_each)
    level = rng.normal(size=groups)
    table = {"a": rng.normal(size=len(branch)), "branch": [f"B{each}" for each in branch]}
    return table, branch, 10 + level[branch] + rng.normal(size=len(branch))


def _mean_of(branch, answers):
    return (np.bincount(branch, answers) / np.bincount(branch))[branch]


def test_the_mean_of_a_group_with_the_own_answer_is_certain(case_for, rng):
    table, branch, price = _grouped(rng)
    rate = _mean_of(branch, price)
    seen = rng.random(len(branch)) < 0.8  # the others are the holdout
    case = case_for(pl.DataFrame({**table, "rate": rate, "price": price}).filter(seen), "price")
    assert [leak.columns for leak in find_averages(case)] == [("rate",)]
    assert "mean answer" in find_averages(case)[0].evidence


def test_the_share_of_a_class_is_found_by_the_column_that_names_the_group(case_for, rng):
    table, branch, price = _grouped(rng)
    late = price > 10.5
    share = (100 * _mean_of(branch, late)).round(1)
    case = case_for(pl.DataFrame({**table, "late_percent": share, "late": late}), "late")
    assert [leak.verdict for leak in find_averages(case)] == ["certain"]


@pytest.mark.parametrize("own", [True, False])
def test_the_share_of_few_rows_needs_no_group(case_for, rng, own):
    groups, late = np.repeat(np.arange(500), 3), rng.random(1_500) < 0.2
    of = late if own else rng.random(len(late)) < 0.2
    table = pl.DataFrame({"a": rng.normal(size=len(late)), "rate": _mean_of(groups, of)})
    case = case_for(table.with_columns(late=pl.Series(late)), "late")
    assert [leak.columns for leak in find_shares(case)] == [("rate",)] * own


def test_the_mean_of_earlier_answers_is_honest(case_for, rng):
    table, branch, price = _grouped(rng)
    level = _mean_of(branch, price)
    earlier = level + rng.normal(size=500)[branch] / 2
    now = level + rng.normal(size=len(branch))
    table |= {"earlier": earlier, "level": level}
    assert not find_averages(case_for(pl.DataFrame({**table, "price": now}), "price"))


def test_a_share_that_follows_from_the_number_of_rows_is_asked_about(case_for, rng):
    sizes = np.tile([2, 3, 4, 5, 6], 60)
    race = np.repeat(np.arange(len(sizes)), sizes)
    won = np.concatenate([rng.permutation(size) == 0 for size in sizes])
    table = pl.DataFrame({"race": [f"R{each}" for each in race], "even": 1 / sizes[race]})
    found = find_averages(case_for(table.with_columns(pl.Series("won", won)), "won"))
    assert [leak.verdict for leak in found] == ["suspicious"]


@pytest.mark.parametrize("share", [0.8, 0.6])
def test_the_sum_of_a_group_is_certain(case_for, rng, share):
    table, branch, price = _grouped(rng)
    total = np.bincount(branch, price)[branch]
    seen = rng.random(len(branch)) < share
    case = case_for(pl.DataFrame({**table, "total": total, "price": price}).filter(seen), "price")
    assert [leak.verdict for leak in find_averages(case)] == ["certain"]


def test_the_mean_of_few_large_groups_is_asked_about(case_for, rng):
    region = rng.integers(0, 6, N)
    late = rng.random(N) < np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6])[region]
    rate = _mean_of(region, late)
    table = pl.DataFrame({"region": [f"R{each}" for each in region], "rate": rate, "late": late})
    case = case_for(table.filter(rng.random(N) < 0.8), "late")
    assert [leak.verdict for leak in find_averages(case)] == ["suspicious"]


# --- windows --------------------------------------------------------------------------------


def _sales(rng):
    days = 400
    sales = 50 + np.convolve(rng.normal(size=days + 4), np.ones(5), "valid") + rng.normal(size=days)
    start = datetime(2024, 1, 1, tzinfo=UTC)
    table = {"day": [start + timedelta(days=n) for n in range(days)], "a": rng.normal(size=days)}
    return pl.DataFrame({**table, "sales": sales})


@pytest.mark.parametrize(
    ("window", "is_leak"),
    [
        (pl.col("sales").rolling_mean(3), True),
        (pl.col("sales").rolling_mean(5, center=True), True),
        (pl.col("sales").shift(-1), True),
        (pl.col("sales").cum_sum() / pl.int_range(1, 401), True),
        (pl.col("sales").shift(1), False),
        (pl.col("sales").rolling_mean(3).shift(1), False),
    ],
)
def test_windows_with_the_own_or_later_answers_are_certain(case_for, rng, window, is_leak):
    table = _sales(rng).with_columns(window.alias("window"))
    case = case_for(table, "sales", moment="day")
    assert [leak.columns for leak in find_windows(case)] == [("window",)] * is_leak


# --- words ----------------------------------------------------------------------------------


def test_a_word_that_says_what_ended_is_certain_and_another_asked_about(case_for, honest, rng):
    features, chance = honest
    back = rng.random(N) < 0.4 * chance
    for word, verdict in (("refunded", "certain"), ("blue", "suspicious")):
        notes = [
            f"call {n % 900} {rng.choice(['again', 'later'])}{f', {word}.' if each else ''}"
            for n, each in enumerate(back)
        ]
        case = case_for(pl.DataFrame({**features, "notes": notes, "back": back}), "back")
        assert [leak.verdict for leak in find_words(case)] == [verdict]
    assert not find_words(
        case_for(pl.DataFrame({**features, "notes": notes, "b": chance > 0.5}), "b")
    )


# --- parts ----------------------------------------------------------------------------------


def test_a_part_of_texts_of_one_form_is_certain(case_for, honest, rng):
    features, chance = honest
    back = rng.random(N) < 0.4 * chance
    of_class = [f"case {n} closed as t{int(each)} by agent {n % 7}" for n, each in enumerate(back)]
    price = np.exp(features["a"] + rng.normal(size=N))
    of_number = [f"invoice {n}: {each:.2f} due" for n, each in enumerate(price)]
    for texts, answer, part in ((of_class, back, "second"), (of_number, price, "second")):
        (leak,) = find_parts(
            case_for(pl.DataFrame({**features, "note": texts, "answer": answer}), "answer")
        )
        assert leak.columns == ("note",)
        assert f"their {part} number alone" in leak.evidence


def test_texts_of_many_forms_and_parts_that_tell_little_are_honest(case_for, honest, rng):
    features, chance = honest
    back = rng.random(N) < 0.4 * chance
    words = ["it broke", "arrived late again", "works", "no reply for 3 days", "thank you so much"]
    written = [
        f"{words[n % 5]}{' t1' if each else ''}" * (1 + n % 3) for n, each in enumerate(back)
    ]
    likely = [f"case {n} of t{int(each ^ (n % 4 == 0))}" for n, each in enumerate(back)]
    table = pl.DataFrame({**features, "written": written, "likely": likely, "back": back})
    assert not find_parts(case_for(table, "back"))


@pytest.mark.parametrize("digits", ["0123456789", "٠١٢٣٤٥٦٧٨٩"])
def test_parts_are_read_in_every_script(case_for, honest, rng, digits):
    features, chance = honest
    back = rng.random(N) < chance
    texts = [
        f"{n % 90} {'m²' if each else 'ft²'}".translate(str.maketrans("0123456789", digits))
        for n, each in enumerate(back)
    ]
    case = case_for(pl.DataFrame({**features, "area": texts, "back": back}), "back")
    (leak,) = find_parts(case)
    assert "their first word alone" in leak.evidence


def test_the_text_that_is_shown_has_the_form(case_for, honest, rng):
    features, chance = honest
    back = rng.random(N) < 0.4 * chance
    texts = [f"case {n % 999} closed as t{int(each)}" for n, each in enumerate(back)]
    case = case_for(pl.DataFrame({**features, "note": texts, "back": back}), "back")
    first = pl.int_range(pl.len()) == 0
    note = pl.when(first).then(pl.lit("?")).otherwise("note").alias("note")
    sample = replace(case.sample, frame=case.sample.frame.with_columns(note))
    (leak,) = find_parts(replace(case, sample=sample))
    assert "such as 'case " in leak.evidence


def test_what_speaks_for_a_column_speaks_for_its_parts(case_for, honest, rng):
    features, _ = honest
    year = 1990 + np.arange(N) // 100
    table = {"period": [f"part {n % 100} of {each}" for n, each in enumerate(year)]}
    sales = year + rng.normal(scale=0.1, size=N)
    case = case_for(pl.DataFrame({**features, **table, "sales": sales}), "sales")
    (leak,) = find_parts(replace(case, names=("a", "b", "c", "period")))
    assert leak.verdict == "suspicious"
    assert "It is named like a period." in leak.evidence


# --- partial copies -------------------------------------------------------------------------


@pytest.mark.parametrize(("known", "is_leak"), [(0.4, True), (0.02, False)])
def test_the_class_where_it_is_known_already_is_certain(case_for, honest, rng, known, is_leak):
    features, chance = honest
    back = rng.random(N) < 0.4 * chance
    state = ["sent back" if each else "kept" for each in back]
    state = [each if rng.random() < known else "pending" for each in state]
    case = case_for(pl.DataFrame({**features, "state": state, "back": back}), "back")
    assert [leak.columns for leak in find_partial_copies(case)] == [("state",)] * is_leak


def test_a_level_that_is_mostly_of_one_class_stands_for_no_unknown(case_for, honest, rng):
    features, chance = honest
    back = rng.random(N) < 0.6 * chance
    odour = ["foul" if each else "sweet" for each in back]
    odour = [
        each if rng.random() < (0.9 if ill else 0.3) else "none"
        for each, ill in zip(odour, back, strict=True)
    ]
    case = case_for(pl.DataFrame({**features, "odour": odour, "back": back}), "back")
    assert not find_partial_copies(case)


@pytest.mark.parametrize("none", [None, 0.0])
def test_a_copy_where_it_is_filled_is_certain(case_for, honest, rng, none):
    features, _ = honest
    price = np.exp(features["a"] + rng.normal(size=N))
    settled = [each if rng.random() < 0.6 else none for each in 1.2 * price]
    case = case_for(pl.DataFrame({**features, "settled": settled, "price": price}), "price")
    found = [leak for leak in find_partial_copies(case) if leak.verdict == "certain"]
    assert [leak.columns for leak in found] == [("settled",)]


@pytest.mark.parametrize(("near", "names"), [(0.2, []), (9.0, [("said",)])])
def test_a_copy_with_slips_is_certain_where_these_are_far_off(case_for, honest, rng, near, names):
    features, _ = honest
    price = (10 + features["a"] + rng.normal(size=N)).round(2)
    slips = rng.random(N) < 0.1
    other = price + near * rng.normal(size=N) if near < 1 else rng.permutation(price)
    table = pl.DataFrame({**features, "said": np.where(slips, other, price), "price": price})
    assert [leak.columns for leak in find_partial_copies(case_for(table, "price"))] == names


def test_a_column_that_is_missing_above_one_answer_is_certain(case_for, honest, rng):
    features, _ = honest
    price = np.exp(features["a"] + rng.normal(size=N))
    rebate = [each if high else None for each, high in zip(rng.random(N), price > 3, strict=True)]
    assert "rebate" in certain(
        case_for(pl.DataFrame({**features, "rebate": rebate, "price": price}), "price")
    )


def test_a_copy_in_a_tenth_of_the_rows_is_certain(case_for, honest, rng):
    features, _ = honest
    price = np.exp(features["a"] + rng.normal(size=N))
    settled = [each if rng.random() < 0.1 else None for each in price]
    case = case_for(pl.DataFrame({**features, "settled": settled, "price": price}), "price")
    assert [leak.columns for leak in find_partial_copies(case)] == [("settled",)]


# --- cuts -----------------------------------------------------------------------------------


def test_gaps_and_flags_that_cut_a_number_but_for_slips_are_certain(case_for, honest, rng):
    features, _ = honest
    price = np.exp(features["a"] + rng.normal(size=N))
    cut = (price > 3) ^ (rng.random(N) < 0.005)
    rebate = [each if high else None for each, high in zip(rng.random(N), cut, strict=True)]
    table = {**features, "rebate": rebate, "is_large": cut, "price": price}
    case = case_for(pl.DataFrame(table), "price")
    assert [leak.columns for leak in find_cuts(case)] == [("rebate",), ("is_large",)]


def test_what_makes_a_number_large_is_no_cut(case_for, honest, rng):
    features, _ = honest
    kind = rng.random(N) < 0.4
    for apart, noise in ((3.5, 1.0), (9.0, 1.0)):
        price = apart * kind + noise * rng.normal(size=N)
        table = pl.DataFrame({**features, "kind": kind, "price": price})
        assert not find_cuts(case_for(table, "price"))


def test_of_few_rows_two_kinds_of_things_are_asked_about(case_for, rng):
    rows = 300
    kind = np.arange(rows) % 2 == 0
    table = {"noise": rng.normal(size=rows), "kind": np.where(kind, "cow", "goat")}
    table["milk"] = 5.0 * kind + rng.normal(size=rows)
    (leak,) = find_cuts(case_for(pl.DataFrame(table), "milk"))
    assert leak.verdict == "suspicious"
    assert "two kinds of things may look the same" in leak.evidence


# --- gaps -----------------------------------------------------------------------------------


def test_gaps_of_two_columns_that_are_the_class_together_are_certain(case_for, honest, rng):
    features, chance = honest
    lost = rng.random(N) < 0.4 * chance
    one = lost | (rng.random(N) < 0.3)
    other = lost | (~one & (rng.random(N) < 0.3))
    gaps = {
        name: [None if gap else each for gap, each in zip(rows, rng.random(N), strict=True)]
        for name, rows in (("delivered", one), ("returned", other))
    }
    case = case_for(pl.DataFrame({**features, **gaps, "lost": lost}), "lost")
    assert [leak.columns for leak in find_gaps_together(case)] == [("delivered", "returned")]
    shuffled = pl.DataFrame({**features, **gaps, "lost": rng.permutation(lost)})
    assert not find_gaps_together(case_for(shuffled, "lost"))


# --- within ---------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["days", "dates"])
def test_time_that_each_meter_keeps_step_with_is_asked_about(case_for, rng, unit):
    days, rates = 200, np.array([0.5, 0.8, 1.0, 1.3, 1.7, 2.5])
    day = np.tile(np.arange(days), len(rates))
    first = datetime(2024, 1, 1, tzinfo=UTC)
    table = {
        "meter": [f"m{each}" for each in np.repeat(np.arange(len(rates)), days)],
        "read": day if unit == "days" else [first + timedelta(days=int(each)) for each in day],
        "cold": rng.normal(size=len(day)),
        "kwh": np.cumsum(rng.gamma(2.0, 0.5, (len(rates), days)) * rates[:, None], axis=1).ravel(),
    }
    (leak,) = find_within(case_for(pl.DataFrame(table), "kwh"))
    assert (leak.columns, leak.verdict) == (("read",), "suspicious")


def test_the_same_number_in_the_unit_of_each_level_is_certain(case_for, honest, rng):
    features, _ = honest
    country = rng.integers(0, 4, N)
    price = np.exp(features["a"] + rng.normal(size=N))
    table = {
        **features,
        "country": [f"c{each}" for each in country],
        "amount": price * np.array([1.0, 0.13, 7.5, 110.0])[country],
        "price": price,
    }
    found = find_within(case_for(pl.DataFrame(table), "price"))
    assert [(leak.columns, leak.verdict) for leak in found] == [(("amount",), "certain")]
    planned = {**table, "amount": table["amount"] * np.exp(0.2 * rng.normal(size=N))}
    assert not find_within(case_for(pl.DataFrame(planned), "price"))
