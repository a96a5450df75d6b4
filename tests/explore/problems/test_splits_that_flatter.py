import numpy as np
import polars as pl
import pytest

from modelwright.data.splitting.splits import Split
from modelwright.explore.problems.entities import find_entities
from modelwright.explore.problems.flattered import find_flattered
from modelwright.explore.problems.near_copies import find_near_copies, group_near_copies
from modelwright.explore.problems.places import find_places

N = 1_200


def entities(rng, spread):
    """Rows of 60 entities that are known by their height, of which each has a level of its own."""
    who = np.arange(N) % 60
    height = rng.normal(size=60)[who] + 0.001 * rng.normal(size=N)
    x = rng.normal(size=N)
    y = x + spread * rng.normal(size=60)[who] + 0.1 * rng.normal(size=N)
    return pl.DataFrame({"who": who, "height": height, "x": x, "y": y})


def test_entities_on_both_sides_would_flatter(subject_for, rng):
    split = Split(kind="group", column="who")
    subject = subject_for(entities(rng, 2.0), "y", split=split, roles={"who": "group"})
    (risk,) = find_flattered(subject)
    assert "A random split would flatter" in risk.sentence
    assert risk.columns == ("who",)


@pytest.mark.parametrize("kind", ["random", "group"])
def test_nothing_flatters_where_entities_do_not_matter_or_split(subject_for, rng, kind):
    split = Split(kind=kind, column="who" if kind == "group" else "")
    subject = subject_for(entities(rng, 0.0), "y", split=split, roles={"who": "group"})
    assert list(find_flattered(subject)) == []


def test_a_level_that_wanders_flatters_a_random_split(subject_for, rng):
    day = np.arange(N)
    table = pl.DataFrame({"day": day, "clock": day % 7, "y": np.cumsum(rng.normal(size=N))})
    subject = subject_for(
        table.with_columns(later=pl.col("day") * 1.0),
        "y",
        split=Split(kind="time", column="day"),
        roles={"day": "time"},
    )
    (risk,) = find_flattered(subject)
    assert risk.columns == ("day",)


def mixes(rng, *, noise):
    """Mixes that are tested at four ages; what a mix is worth has little to do with its recipe."""
    recipe = rng.normal(size=(N // 4, 3)).round(3)
    worth = rng.normal(size=N // 4) * noise
    rows = np.repeat(np.arange(N // 4), 4)
    age = np.tile([1.0, 7.0, 28.0, 90.0], N // 4)
    return pl.DataFrame(
        {
            **{f"part_{i}": recipe[rows, i] for i in range(3)},
            "age": age,
            "y": worth[rows] + 0.01 * age + 0.05 * rng.normal(size=N),
        }
    )


def test_near_copies_flatter(subject_for, rng):
    (risk,) = find_near_copies(subject_for(mixes(rng, noise=1.0), "y"))
    assert risk.severity == "warning"
    assert "100% of the rows differ from another one in one column at most" in risk.sentence


def test_near_copies_that_tell_nothing_are_no_problem(subject_for, rng):
    assert list(find_near_copies(subject_for(mixes(rng, noise=0.0), "y"))) == []


def test_near_copies_are_on_one_side_of_a_split_by_group(subject_for, rng):
    table = mixes(rng, noise=1.0).with_columns(mix=np.repeat(np.arange(N // 4), 4))
    split = Split(kind="group", column="mix")
    assert list(find_near_copies(subject_for(table, "y", split=split))) == []


def test_groups_are_linked_by_one_difference_missing_values_included():
    table = pl.DataFrame(
        {
            "a": [1, 1, 1, 5, None, None],
            "b": ["x", "x", "y", "q", "n", "n"],
            "c": [0.1, 0.2, 0.2, 9.9, None, 7.0],
        }
    )
    assert group_near_copies(table).tolist() == [0, 0, 0, 1, 2, 2]


def test_equal_columns_do_not_hide_each_other():
    table = pl.DataFrame({"a": [1, 2, 3], "b": [1, 2, 3], "c": [1, 1, 1]})
    assert len(set(group_near_copies(table).tolist())) == 3


def houses(rng, *, local):
    """Houses whose price depends on a level that differs from quarter to quarter."""
    north, east = rng.uniform(50, 51, N), rng.uniform(-3, -1, N)
    level = np.sin(25 * north) * np.cos(25 * east)
    x = rng.normal(size=N)
    return pl.DataFrame(
        {
            "Latitude": north.round(5),
            "home_longitude": east.round(5),
            "x": x,
            "y": x + local * level + 0.1 * rng.normal(size=N),
        }
    )


def test_new_places_are_worse(subject_for, rng):
    (risk,) = find_places(subject_for(houses(rng, local=2.0), "y"))
    assert risk.columns == ("Latitude", "home_longitude")
    assert "at places that it has seen" in risk.sentence


def test_places_that_do_not_matter_are_no_problem(subject_for, rng):
    assert list(find_places(subject_for(houses(rng, local=0.0), "y"))) == []


def test_numbers_that_are_no_coordinates_are_left_alone(subject_for, rng):
    table = houses(rng, local=2.0).with_columns(pl.col("Latitude") * 100)
    assert list(find_places(subject_for(table, "y"))) == []
    named = houses(rng, local=2.0).rename({"Latitude": "width", "home_longitude": "height"})
    assert list(find_places(subject_for(named, "y"))) == []


def test_rows_without_a_place_are_kept_together(subject_for, rng):
    table = houses(rng, local=2.0)
    there = pl.Series(rng.random(N) > 0.05)
    holed = table.with_columns(pl.when(there).then(pl.col("Latitude")).alias("Latitude"))
    assert len(list(find_places(subject_for(holed, "y")))) == 1


def patients(rng, *, spread, seen):
    """Visits of patients whom nothing names, of whom two values never change."""
    count = N // seen
    who = np.arange(N) % count
    marks = {
        name: rng.normal(scale, 9.0, count).round(1)[who]
        for name, scale in {"height": 170, "cholesterol": 190}.items()
    }
    x, level = rng.normal(size=N), spread * rng.normal(size=count)[who]
    return pl.DataFrame({**marks, "x": x, "y": x + level + 0.1 * rng.normal(size=N)})


def test_what_was_seen_before_and_nothing_names_flatters(subject_for, rng):
    table = patients(rng, spread=2.0, seen=8)
    gap = pl.when(pl.int_range(pl.len()) % 10 > 0).then("height").alias("height")
    (risk,) = find_entities(subject_for(table.with_columns(gap), "y"))
    assert set(risk.columns) == {"height", "cholesterol"}
    assert "things that were seen again" in risk.sentence
    split = Split(kind="time", column="x")
    assert list(find_entities(subject_for(table, "y", split=split))) == []


@pytest.mark.parametrize(("spread", "seen"), [(0.0, 8), (2.0, 1)])
def test_marks_that_tell_nothing_or_come_once_are_no_problem(subject_for, rng, spread, seen):
    assert list(find_entities(subject_for(patients(rng, spread=spread, seen=seen), "y"))) == []


def test_a_number_and_what_is_made_of_it_mark_nothing(subject_for, rng):
    celsius = rng.normal(10, 8, N).round(0)
    table = pl.DataFrame({"c": celsius, "f": celsius * 1.8 + 32, "x": rng.normal(size=N)})
    subject = subject_for(table.with_columns(y=pl.col("c") + rng.normal(size=N)), "y")
    assert list(find_entities(subject)) == []
