"""Which split a table gets."""

import numpy as np
import polars as pl
import pytest

from modelwright.data.inference.infer import infer_schema
from modelwright.data.prepare import prepare
from modelwright.data.splitting.splits import Split
from modelwright.documents import Brief
from modelwright.plan.agreement import Answers
from modelwright.plan.splitting import Table, choose_split
from modelwright.tasks.infer import infer_task
from modelwright.tasks.targets import encode_target
from plan_examples import ROWS, days, depends_on, made, shuffled

HOURS = pl.datetime_range(
    pl.datetime(2021, 3, 1), pl.datetime(2021, 3, 1) + pl.duration(hours=ROWS - 1), "1h", eager=True
)


def split_of(table: pl.DataFrame, **brief: object) -> Split:
    schema = infer_schema(table, target="target")
    frame = prepare(table, schema)
    task = infer_task(frame["target"])
    answers = Answers.of(encode_target(frame["target"], task), task)
    asked = Brief(data="made.csv", target="target", **brief)
    return choose_split(asked, Table(frame, schema, task, answers))


def panel(entities: int, moments: int, **columns: object) -> pl.DataFrame:
    """Return a table with a row for each entity at each moment, entity by entity."""
    table = made(entities * moments)
    who = np.repeat(np.arange(entities), moments)
    when = np.tile(np.arange(moments), entities)
    return table.with_columns(pl.Series(name, make(who, when)) for name, make in columns.items())


def countries(newest_first: bool = False) -> pl.DataFrame:
    sign = -1 if newest_first else 1
    return panel(
        60,
        16,
        country=lambda who, when: [f"land {i}" for i in who],
        year=lambda who, when: 2015 + sign * (when - (0 if newest_first else 15)),
    )


def cutoffs() -> pl.DataFrame:
    """Return customers who are looked at on up to three days each."""
    rng = np.random.default_rng(3)
    who = np.repeat(np.arange(500), 3)
    when = np.tile(np.arange(3), 500)
    kept = rng.random(1500) < 0.7
    return made(int(kept.sum())).with_columns(
        customer_id=pl.Series(who[kept] + 17_000),
        looked=pl.Series(days(when[kept] * 90)),
    )


TIME = {
    "a sorted date": (made(day=lambda r: days(np.arange(ROWS) // 5)), "day"),
    "newest first": (made(day=lambda r: days(ROWS - np.arange(ROWS) // 5)), "day"),
    "unsorted event dates": (
        made(order_date=lambda r: days(r.integers(0, 300, ROWS))), "order_date",
    ),
    "glued name": (made(saledate=lambda r: days(r.integers(0, 300, ROWS))), "saledate"),
    "devices one after another": (
        panel(
            10, 120,
            device=lambda who, when: [f"d{i}" for i in who],
            read=lambda who, when: [HOURS[int(i)] for i in when],
        ),
        "read",
    ),
    "shuffled stations": (
        shuffled(
            panel(
                10, 120,
                place=lambda who, when: [f"p{i}" for i in who],
                date=lambda who, when: days(when),
            )
        ),
        "date",
    ),
    "countries and years": (countries(), "year"),
    "countries and years, newest first": (countries(newest_first=True), "year"),
    "countries and years, shuffled": (shuffled(countries()), "year"),
    "customers on few days, shuffled": (shuffled(cutoffs()), "looked"),
    "start and end": (
        made(
            dropoff_datetime=lambda r: HOURS.dt.offset_by("30m"),
            pickup_datetime=lambda r: HOURS,
        ),
        "pickup_datetime",
    ),
    "birth and event": (
        made(
            birth_date=lambda r: days(-r.integers(7_000, 25_000, ROWS)),
            visit_date=lambda r: days(r.integers(0, 700, ROWS)),
        ),
        "visit_date",
    ),
    "seconds since 1970": (made(ts=lambda r: 1_600_000_000 + r.integers(0, 10**7, ROWS)), "ts"),
    "thousandths since 1970": (
        made(timestamp=lambda r: 1_600_000_000_000 + r.integers(0, 10**10, ROWS)), "timestamp",
    ),
    "seconds from the start": (
        made(Time=lambda r: np.sort(r.integers(0, 170_000, ROWS)) * 1.0), "Time",
    ),
    "months as numbers": (
        made(period=lambda r: r.choice([201901, 201903, 201911, 202001, 202004, 202007], ROWS)),
        "period",
    ),
    "a sorted year": (made(year=lambda r: 2012 + np.arange(ROWS) // 150), "year"),
    "year, month and day": (
        made(
            year=lambda r: r.integers(2015, 2021, ROWS),
            month=lambda r: r.integers(1, 13, ROWS),
            day=lambda r: r.integers(1, 29, ROWS),
        ),
        "year",
    ),
    "one year, months and days": (
        made(
            year=lambda r: np.full(ROWS, 2013),
            month=lambda r: r.integers(1, 13, ROWS),
            day=lambda r: r.integers(1, 29, ROWS),
        ),
        "month",
    ),
    "exact to the second, any name": (
        made(col_3=lambda r: [HOURS[int(i)] for i in r.integers(0, ROWS, ROWS)]), "col_3",
    ),
    "any name, but the target depends on it": (
        depends_on(made(col_3=lambda r: days(r.integers(0, 200, ROWS))), "col_3"), "col_3",
    ),
    "numbers given out in order": (
        (lambda t: t.with_columns(target=t["target"] + 2 * np.sin(np.arange(ROWS) / 60)))(
            made(issue_id=lambda r: 4_000 + np.cumsum(r.integers(1, 9, ROWS)))
        ),
        "issue_id",
    ),
}  # fmt: skip

NOT_TIME = {
    "dates of hire, sorted": made(hire_date=lambda r: days(np.sort(r.integers(0, 9_000, ROWS)))),
    "dates of birth": depends_on(
        made(dob=lambda r: days(-r.integers(7_000, 30_000, ROWS) // 30 * 30)), "dob"
    ),
    "birth in another language": depends_on(
        made(geburt=lambda r: days(-r.integers(7_000, 30_000, ROWS) // 90 * 90)), "geburt"
    ),
    "signed up, sorted": made(signup_date=lambda r: days(np.arange(ROWS) // 3)),
    "account created, sorted": made(account_created=lambda r: days(np.arange(ROWS) // 3)),
    "last review": made(last_review=lambda r: days(r.integers(0, 300, ROWS))),
    "hours that come again": made(hour=lambda r: np.arange(ROWS) % 24),
    "years of models, sorted": made(model_year=lambda r: 2000 + np.arange(ROWS) // 100),
    "years of cars": made(year=lambda r: 2020 - r.geometric(0.2, ROWS).clip(1, 20)),
    "nearly always one year": made(year=lambda r: np.where(r.random(ROWS) < 0.97, 2019, 2018)),
    "a mere row number": made(id=lambda r: np.arange(ROWS) + 1),
    "ids in another order": made(id=lambda r: r.permutation(ROWS) * 7 + 1000),
    "few months": made(issue_month=lambda r: days(r.integers(0, 3, ROWS) * 31)),
    "latest day holds most rows": made(year=lambda r: np.sort(2021 - (r.random(ROWS) < 0.2))),
}  # fmt: skip

GROUP = {
    "many hosts": (made(host_id=lambda r: r.zipf(1.6, ROWS).clip(max=900) * 31), "host_id"),
    "few subjects, many rows": (
        depends_on(made(**{"subject#": lambda r: r.integers(1, 31, ROWS)}), "subject#"), "subject#",
    ),
    "tickets": (
        depends_on(made(ticket=lambda r: [f"A/5 {i}" for i in r.integers(0, 700, ROWS)]), "ticket"),
        "ticket",
    ),
    "codes under any name": (
        depends_on(
            made(kunde=lambda r: [f"K{i:05d}" for i in r.integers(0, 1_000, ROWS)]), "kunde"
        ),
        "kunde",
    ),
    "the coarser of two": (
        depends_on(
            made(
                session_id=lambda r: np.repeat(np.arange(ROWS // 3), 3) + 500,
                user_id=lambda r: np.repeat(np.arange(ROWS // 12), 12) + 90,
            ),
            "user_id",
        ),
        "user_id",
    ),
}  # fmt: skip

NOT_GROUP = {
    "models of cars": depends_on(
        made(name=lambda r: [f"Polo {sort}" for sort in r.choice(list("abcdefghijklm"), ROWS)]),
        "name",
    ),
    "rare words": depends_on(
        made(title=lambda r: ["x" * (i + 1) for i in r.integers(0, 700, ROWS)]),
        "title",
    ),
    "departments": depends_on(
        made(division=lambda r: [f"office {chr(97 + i)}" for i in r.integers(0, 24, ROWS)]),
        "division",
    ),
    "shops": depends_on(made(store_id=lambda r: r.integers(1, 12, ROWS)), "store_id"),
    "amounts": depends_on(made(rent=lambda r: r.integers(300, 900, ROWS) * 1.0), "rent"),
    "an id of its own for each row": made(customer_id=lambda r: [f"C{i}" for i in range(ROWS)]),
}  # fmt: skip


@pytest.mark.parametrize("name", TIME)
def test_time_is_found(name):
    table, column = TIME[name]
    split = split_of(table)
    assert (split.kind, split.column) == ("time", column), split.reason
    assert column in split.reason
    assert split.boundary


def test_moments_that_hardly_meet_say_nothing_of_a_panel():
    draw = np.random.default_rng(1)
    table = made(4_000).with_columns(
        shop=pl.Series([f"s{i}" for i in draw.integers(0, 40, 4_000)]),
        seen=pl.Series(draw.permutation(4_000_000)[:4_000] * 1_000_000).cast(pl.Datetime("us")),
    )
    assert "exact to the second" in split_of(table).reason


@pytest.mark.parametrize("name", NOT_TIME)
def test_what_is_no_time_is_left_alone(name):
    split = split_of(NOT_TIME[name])
    assert split.kind == "random", split.reason


@pytest.mark.parametrize("name", GROUP)
def test_groups_are_found(name):
    table, column = GROUP[name]
    split = split_of(table)
    assert (split.kind, split.column) == ("group", column), split.reason


@pytest.mark.parametrize("name", NOT_GROUP)
def test_categories_are_no_groups(name):
    split = split_of(NOT_GROUP[name])
    assert split.kind == "random", split.reason
