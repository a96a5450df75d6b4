"""What is tested of a pipeline: a function from named tables to one table.

Each check returns what is wrong as a sentence, or nothing where all is well. It damages copies of
the inputs, never the inputs. This module needs polars alone: it is written into the test file.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import polars as pl

Tables = dict[str, pl.DataFrame]
Run = Callable[[Tables], pl.DataFrame]

SHARE = 0.05
"""The part of the rows that is damaged."""
DIGITS = 9
"""Numbers that agree to so many significant digits are equal: sums in another order differ."""


def repeats_itself(run: Run, inputs: Tables, key: str) -> str:
    """Say how two runs on the same input differ."""
    return difference(run(copied(inputs)), run(copied(inputs)), key)


def unsteady_columns(one: pl.DataFrame, other: pl.DataFrame, key: str = "") -> list[str]:
    """Return the columns that differ between two runs on the same input, such as a time of day."""
    if set(one.columns) != set(other.columns) or len(one) != len(other):
        return []
    named = [key] if key in one.columns else []
    return [
        column
        for column in one.columns
        if column != key and difference(one[[*named, column]], other[[*named, column]], key)
    ]


def steady(run: Run, unsteady: Sequence[str]) -> Run:
    """Return a run without the columns that differ anyway, so that they hide nothing."""
    return lambda inputs: run(inputs).drop(unsteady, strict=False)


def leaves_inputs_alone(run: Run, inputs: Tables) -> str:
    """Say which input a run changed in place."""
    given = copied(inputs)
    run(given)
    changed = [name for name in inputs if not given[name].equals(inputs[name])]
    return f"it changes its inputs in place: {', '.join(changed)}" if changed else ""


def has_unique_keys(output: pl.DataFrame, key: str) -> str:
    """Say how many rows of the output repeat a key or have none."""
    if key not in output.columns:
        return f"the output has no column {key!r}; it has {', '.join(output.columns)}"
    missing, keys = output[key].null_count(), output[key].drop_nulls()
    repeated = len(keys) - keys.n_unique()
    if missing or repeated:
        return f"{repeated:,} rows repeat a key and {missing:,} have none, of {len(output):,}"
    return ""


def keeps_the_keys(output: pl.DataFrame, source: pl.DataFrame, key: str) -> str:
    """Say which keys of the input the output lost, and which it made up."""
    there, given = output[key].drop_nulls().unique(), source[key].drop_nulls().unique()
    lost = given.filter(~given.is_in(there.implode()))
    new = there.filter(~there.is_in(given.implode()))
    told = [
        f"{len(keys):,} of {len(given):,} keys {what}, such as {keys.sort()[0]!r}"
        for keys, what in ((lost, "are lost"), (new, "are in no input"))
        if len(keys)
    ]
    return "; ".join(told)


def ignores_the_order(run: Run, inputs: Tables, name: str, key: str) -> str:
    """Say what changes when the rows of one input come in another order."""
    shuffled = inputs[name].sample(fraction=1.0, shuffle=True, seed=0)
    return difference(run(copied(inputs)), run(copied(inputs, name, shuffled)), key)


def ignores_repeated_rows(run: Run, inputs: Tables, name: str, key: str) -> str:
    """Say what changes when some rows of one input come twice."""
    again = pl.concat([inputs[name], damaged_rows(inputs[name])])
    return difference(run(copied(inputs)), run(copied(inputs, name, again)), key)


def ignores_new_columns(run: Run, inputs: Tables, name: str, key: str) -> str:
    """Say what changes when an input gets a column more; that it passes through is no change."""
    wider = inputs[name].with_columns(pl.lit(1).alias("a_new_column"))
    before, after = run(copied(inputs)), run(copied(inputs, name, wider))
    known = [column for column in after.columns if column in before.columns]
    return difference(before, after.select(known), key)


def survives_missing_values(run: Run, inputs: Tables, name: str, column: str, key: str) -> str:
    """Say whether the run ends, or rows are lost, when some values of a column are missing."""
    table = inputs[name].with_row_index("__row")
    rows = damaged_rows(table)["__row"]
    holed = table.with_columns(
        pl.when(~pl.col("__row").is_in(rows.implode())).then(pl.col(column)).alias(column)
    ).drop("__row")
    before = run(copied(inputs))
    try:
        after = run(copied(inputs, name, holed))
    except Exception as error:  # noqa: BLE001 - what a pipeline raises is its own choice
        return f"it ends where {len(rows):,} values are missing: {first_line(error)}"
    lost = keeps_the_keys(after, before, key) if key in after.columns else ""
    if lost:
        return f"where {len(rows):,} values are missing, {lost}"
    if not key and len(after) != len(before):
        return f"{len(rows):,} missing values make {len(after):,} rows of {len(before):,}"
    return ""


def refuses_a_lost_column(run: Run, inputs: Tables, name: str, column: str, key: str) -> str:
    """Say what changes in silence when a column is gone; an error is what should come."""
    return _silent_change(run, inputs, name, inputs[name].drop(column), key)


def refuses_numbers_as_text(run: Run, inputs: Tables, name: str, column: str, key: str) -> str:
    """Say what changes in silence when numbers come as text with a comma between thousands."""
    as_text = pl.Series(
        column, [None if value is None else f"{value:,}" for value in inputs[name][column]]
    )
    return _silent_change(run, inputs, name, inputs[name].with_columns(as_text), key)


def notices_another_unit(run: Run, inputs: Tables, name: str, column: str, key: str) -> str:
    """Say what changes in silence when a number comes in a unit a thousand times smaller."""
    other = inputs[name].with_columns(pl.col(column) * 1000)
    return _silent_change(run, inputs, name, other, key)


def knows_only_the_past(
    run: Run, inputs: Tables, name: str, time: str, *, moment: str, key: str
) -> str:
    """Say which rows of the output change when what happens after their moment is different.

    The input is cut at moments of the output: rows of the output at or before a cut must be the
    same whether or not the input goes on after it.
    """
    whole = run(copied(inputs))
    if moment not in whole.columns:
        return f"the output has no column {moment!r}; it has {', '.join(whole.columns)}"
    moments = whole[moment].drop_nulls().sort()
    for share in (0.25, 0.5, 0.75):
        cut = moments[int(share * (len(moments) - 1))]
        known = inputs[name].filter(pl.col(time) <= cut)
        early = run(copied(inputs, name, known)).filter(pl.col(moment) <= cut)
        told = difference(whole.filter(pl.col(moment) <= cut), early, key)
        if told:
            return f"what happens after {cut} changes rows of before: {told}"
    return ""


def takes_late_rows(run: Run, inputs: Tables, name: str, time: str, key: str) -> str:
    """Say how many rows of the output change when the latest rows of an input come a run later."""
    table = inputs[name].sort(time)
    known = table.head(round((1 - SHARE) * len(table)))
    return difference(run(copied(inputs)), run(copied(inputs, name, known)), key)


def is_fresh(table: pl.DataFrame, time: str, *, now: datetime, most: timedelta) -> str:
    """Say how old the newest row is when that is more than it may be."""
    newest = table[time].max()
    if newest is None:
        return f"{time!r} has no value"
    newest = newest if isinstance(newest, datetime) else datetime.fromisoformat(str(newest))
    age = now.replace(tzinfo=newest.tzinfo) - newest
    return f"the newest row is of {newest}, {age.days:,} days old" if age > most else ""


def difference(one: pl.DataFrame, other: pl.DataFrame, key: str = "") -> str:
    """Say how two tables differ, the order of their rows apart.

    Rows are matched by the key where it tells them apart, else by all of their values.
    """
    if set(one.columns) != set(other.columns):
        lost, new = set(one.columns) - set(other.columns), set(other.columns) - set(one.columns)
        told = {"lost": sorted(lost), "new": sorted(new)}
        return (
            f"columns are {', '.join(f'{what}: {names}' for what, names in told.items() if names)}"
        )
    if len(one) != len(other):
        return f"{len(one):,} rows become {len(other):,}"
    for column, kind in one.schema.items():
        if kind.is_numeric() != other.schema[column].is_numeric():
            return f"{column!r} was {kind} and is {other.schema[column]}"
    by = [key] if key in one.columns and one[key].is_unique().all() else one.columns
    left, right = (_comparable(table, by) for table in (one, other.select(one.columns)))
    for column in one.columns:
        differ = left[column].ne_missing(right[column])
        if differ.any():
            first = differ.arg_true()[0]
            where = f" where {key} is {left[key][first]!r}" if by == [key] else ""
            return (
                f"{column!r} differs in {int(differ.sum()):,} of {len(one):,} rows, such as "
                f"{left[column][first]!r} and {right[column][first]!r}{where}"
            )
    return ""


def copied(inputs: Tables, name: str = "", table: pl.DataFrame | None = None) -> Tables:
    """Return copies of the inputs, one of them exchanged."""
    own = {each: given.clone() for each, given in inputs.items()}
    return own if table is None else own | {name: table}


def damaged_rows(table: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that are damaged: one in twenty, drawn by chance, at least one."""
    return table.sample(n=min(len(table), max(1, round(SHARE * len(table)))), seed=1)


def first_line(error: BaseException) -> str:
    """Return what an error says first."""
    said = str(error).strip().splitlines()
    return f"{type(error).__name__}: {said[0][:160] if said else ''}".rstrip(": ")


def _silent_change(run: Run, inputs: Tables, name: str, damaged: pl.DataFrame, key: str) -> str:
    try:
        after = run(copied(inputs, name, damaged))
    except Exception:  # noqa: BLE001 - an error, whatever its kind, is what should come
        return ""
    told = difference(run(copied(inputs)), after, key)
    return f"no error comes, and {told}" if told else ""


def _comparable(table: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    numbers = [name for name, kind in table.schema.items() if kind.is_float()]
    rounded = table.with_columns(pl.col(numbers).round_sig_figs(DIGITS)) if numbers else table
    texts = {f"__by_{name}": pl.col(name).cast(pl.String, strict=False) for name in by}
    return rounded.with_columns(**texts).sort(list(texts), nulls_last=True)
