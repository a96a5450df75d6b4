import numpy as np
import polars as pl
import pytest

from modelwright.data.splitting.splits import Split
from modelwright.explore.problems.registry import list_problems

N = 4_000


@pytest.fixture
def problems(subject_for):
    def run(table, **fields):
        found = list_problems(subject_for(table, "y", **fields))
        return {problem.name: problem for problem in found}

    return run


def _table(rng, rows=N, **columns):
    x, z = rng.normal(size=(2, rows))
    y = rng.random(rows) < 0.2 + 0.6 * (x * z > 0)
    return pl.DataFrame({"x": x, "z": z, **columns, "y": y})


def test_a_good_table_has_none(problems, rng):
    assert problems(_table(rng)) == {}


def test_copies_are_counted_and_their_crossing_is_estimated(problems, rng):
    table = _table(rng)
    found = problems(pl.concat([table, table.head(400)]))["duplicate rows"]
    assert "400 of 4,400 rows" in found.sentence
    assert "18.2% of the holdout" in found.sentence
    assert found.severity == "warning"


def test_copies_do_not_cross_a_split_by_group(problems, rng):
    table = _table(rng, g=np.arange(N) % 50)
    found = problems(pl.concat([table, table.head(400)]), split=Split(kind="group", column="g"))[
        "duplicate rows"
    ]
    assert found.severity == "note"


def test_missing_targets_and_rare_classes(problems, rng):
    y = [None] * 1_000 + [True] * 20 + [False] * 2_980
    found = problems(_table(rng).with_columns(y=pl.Series(y)))
    assert "1,000 of 4,000" in found["missing target"].sentence
    assert found["missing target"].severity == "warning"
    assert found["rare class"].severity == "warning"


@pytest.mark.parametrize(("rows", "severity"), [(90, "serious"), (300, "warning")])
def test_few_rows(problems, rng, rows, severity):
    assert problems(_table(rng, rows))["few rows"].severity == severity


def test_many_levels_and_far_values(problems, rng):
    far = rng.normal(size=N)
    far[3] = 1e7
    words = [f"w{i}" for i in rng.integers(0, 900, N)]
    found = problems(_table(rng, far=far, word=words))
    assert found["many levels"].columns == ("word",)
    assert found["far values"].columns == ("far",)


def test_drift_is_looked_for_in_a_split_by_time_only(problems, rng):
    day = np.sort(rng.integers(0, 400, N))
    moved = rng.normal(size=N) + 3 * (day > 330)
    table = _table(rng, day=day, moved=moved, steady=rng.choice(["a", "b"], N))
    assert "drift" not in problems(table, roles={"day": "time"})
    found = problems(table, roles={"day": "time"}, split=Split(kind="time", column="day"))
    assert found["drift"].columns == ("moved",)


def test_a_table_of_which_nothing_is_left(problems, rng):
    found = problems(_table(rng), roles={"x": "ignored", "z": "ignored"})
    assert found["nothing left"].severity == "serious"


def test_the_gravest_is_told_first(problems, rng):
    mails = [f"ann{n % 50}@example.org" for n in range(N)]
    far = np.where(rng.random(N) < 0.001, 1e9, rng.normal(size=N))
    found = problems(_table(rng, mail=mails, far=far))
    severities = [each.severity for each in found.values()]
    assert {"note", "warning"} <= set(severities)
    assert severities == sorted(severities, key=("serious", "warning", "note").index)
