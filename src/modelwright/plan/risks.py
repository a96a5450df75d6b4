"""What may spoil the model, seen before anything is learned."""

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.data.schema import Kind, Role, Schema
from modelwright.data.splitting.splits import Split
from modelwright.data.values.date_forms import date_forms_in
from modelwright.data.values.moments import said_format
from modelwright.documents import Risk
from modelwright.plan.group_column import find_group_column
from modelwright.plan.names import part_of_date
from modelwright.plan.splitting import Table
from modelwright.tasks.figures import figure
from modelwright.tasks.metrics import Metric

_FEW_ROWS = 500
_FEW_ANSWERS = 100
_RARE = 0.05
_MANY_MISSING = 0.5
_SHOWN = 20
_NEARLY = 0.01
_MOST_ALIKE = 0.1
_SQUARED = ("rmse", "r2")
_FEW_SHARE, _RULING = 0.01, 0.8
_LEAST = 1e-300


def list_risks(
    table: Table, split: Split, *, held: NDArray[np.bool_], truth: NDArray[Any]
) -> tuple[Risk, ...]:
    """Return what may spoil the model, each with its evidence.

    Parameters
    ----------
    table
        The prepared table and what is asked of it.
    split
        How the holdout is made.
    held : ndarray of bool, shape (rows,)
        The rows of the holdout.
    truth : ndarray of shape (rows,)
        Indices of classes or numbers; -1 or NaN where missing.
    """
    frame, schema = table.frame, table.schema
    known = table.answers.known
    found = (
        _few_rows(int(known.sum())),
        _unanswered(known),
        _rare_class(table, truth[known]),
        _unlearned_class(table, truth, held),
        _wide(int(known.sum()), len(schema.features)),
        _missing(frame, schema),
        _text(schema),
        _dates_of_several_forms(frame, schema),
        _entities_repeat(table, split, held),
        _time_not_used(schema, split),
        _neighbours_agree(table, split),
    )
    return tuple(risk for risk in found if risk is not None)


def suspicious_score(best: float | None, metric: Metric) -> tuple[Risk, ...]:
    """Return a risk when a small sample already scores nearly as well as can be.

    Parameters
    ----------
    best
        The best score of a probe; None where there is none.
    metric
        Only metrics with a highest score can tell.
    """
    top = metric.range[1]
    if best is None or metric.direction != "maximize" or best < top - _NEARLY:
        return ()
    sentence = (
        f"A model of a small sample already scores {figure(best)} in {metric.title}: either the "
        "answer is easy, or a column knows it; leaks are looked for next."
    )
    return (Risk(name="too good", sentence=sentence),)


def ruled_by_few(truth: NDArray[Any], metric: Metric, target: str) -> tuple[Risk, ...]:
    """Return a risk when few rows make up most of what a squared error is measured by.

    Parameters
    ----------
    truth : ndarray of shape (rows,)
        The numbers to predict, none missing; of infinite ones nothing is said.
    metric
        Only one of squared errors hangs on few rows so.
    target
        What the numbers are called.
    """
    if metric.name not in _SQUARED or len(truth) < _FEW_ANSWERS or not np.isfinite(truth).all():
        return ()
    scaled = truth / max(float(np.abs(truth).max()), _LEAST)
    squares = np.sort((scaled - scaled.mean()) ** 2)[::-1]
    few = max(1, round(_FEW_SHARE * len(squares)))
    share = float(squares[:few].sum() / max(float(squares.sum()), _LEAST))
    if share < _RULING:
        return ()
    rows = "One row makes" if few == 1 else f"{few:,} of {len(truth):,} rows make"
    sentence = (
        f"{rows} up {share:.0%} of the squared distances of {target!r} from its mean: "
        f"{metric.title} hangs on them, and no table of this size tells it well. If every row "
        "counts alike, ask for another metric, such as mae."
    )
    return (Risk(name="ruled by few rows", sentence=sentence, severity="warning"),)


def _few_rows(rows: int) -> Risk | None:
    if rows >= _FEW_ROWS:
        return None
    sentence = f"Only {rows:,} rows have an answer: every score will have a wide interval."
    return Risk(name="few rows", sentence=sentence, severity="warning")


def _unanswered(known: NDArray[np.bool_]) -> Risk | None:
    missing = int((~known).sum())
    if not missing:
        return None
    sentence = (
        f"{missing:,} of {len(known):,} rows have no answer and are not learned from; "
        "if they differ from the others, the model does not know them."
    )
    return Risk(name="missing target", sentence=sentence)


def _rare_class(table: Table, truth: NDArray[Any]) -> Risk | None:
    if not table.task.is_classification:
        return None
    counts = np.bincount(truth, minlength=len(table.task.classes))
    rarest = int(counts.argmin())
    share = counts[rarest] / max(1, len(truth))
    if counts[rarest] >= _FEW_ANSWERS and (share >= _RARE or table.task.kind == "multiclass"):
        return None
    sentence = f"Only {counts[rarest]:,} rows ({share:.2%}) are {table.task.classes[rarest]!r}."
    few = counts[rarest] < _FEW_ANSWERS
    return Risk(name="rare class", sentence=sentence, severity="warning" if few else "note")


def _unlearned_class(table: Table, truth: NDArray[Any], held: NDArray[np.bool_]) -> Risk | None:
    if not table.task.is_classification:
        return None
    counts = np.bincount(truth[~held & (truth >= 0)], minlength=len(table.task.classes))
    absent = [
        repr(label) for label, rows in zip(table.task.classes, counts, strict=True) if not rows
    ]
    if not absent:
        return None
    sentence = f"No row outside the holdout is {', '.join(absent[:5])}: the model cannot answer so."
    return Risk(name="unlearned class", sentence=sentence, severity="serious")


def _wide(rows: int, features: int) -> Risk | None:
    if features * 5 < rows:
        return None
    sentence = f"{features:,} columns for {rows:,} rows: chance alone makes some look useful."
    return Risk(name="wide table", sentence=sentence, severity="warning")


def _missing(frame: pl.DataFrame, schema: Schema) -> Risk | None:
    features = frame.select([column.name for column in schema.features])
    counts = features.null_count().row(0) if features.width else ()
    mostly = tuple(
        name
        for name, missing in zip(features.columns, counts, strict=True)
        if missing > _MANY_MISSING * len(frame)
    )
    if not mostly:
        return None
    are = "column is" if len(mostly) == 1 else "columns are"
    sentence = f"{len(mostly):,} {are} missing in more than half of the rows."
    return Risk(name="missing values", sentence=sentence, columns=mostly[:_SHOWN])


def _text(schema: Schema) -> Risk | None:
    texts = tuple(column.name for column in schema.features if column.kind == Kind.TEXT)
    if not texts:
        return None
    sentence = "Free text may name persons; what the model keeps of it are single words."
    return Risk(name="free text", sentence=sentence, columns=texts[:_SHOWN])


def _dates_of_several_forms(frame: pl.DataFrame, schema: Schema) -> Risk | None:
    stored = frame.schema
    texts = [
        column.name
        for column in schema
        if column.role in (Role.FEATURE, Role.ID) and stored[column.name] == pl.String
    ]
    forms = {name: found for name in texts if (found := date_forms_in(frame[name]))}
    if not forms:
        return None
    name, found = next(iter(forms.items()))
    written = ", ".join(said_format(each).removeprefix("like ") for each in found)
    sentence = (
        f"{name!r} holds dates that are written in several ways ({written}), and so is read as "
        "words: nothing is known of its time, and the holdout cannot be the later rows. Write its "
        "dates in one way."
    )
    return Risk(
        name="dates in several ways",
        sentence=sentence,
        columns=tuple(forms)[:_SHOWN],
        severity="warning",
    )


def _entities_repeat(table: Table, split: Split, held: NDArray[np.bool_]) -> Risk | None:
    if split.kind != "time":
        return None
    named = table.schema.the(Role.GROUP)
    if named is None:
        found = find_group_column(table.frame, table.schema, answers=table.answers, seed=split.seed)
        if found is None:
            return None
    name = named.name if named else found.column  # type: ignore[union-attr]
    entities = table.frame[name]
    later, earlier = entities.filter(pl.Series(held)), entities.filter(pl.Series(~held))
    known = len(later.filter(later.is_in(earlier.drop_nulls().unique().implode()))) / len(later)
    if not known:
        return None
    sentence = (
        f"{known:.0%} of the holdout's rows are of a {name!r} that was learned from; "
        "on new ones the model may do worse than the holdout says."
    )
    return Risk(name="known entities", sentence=sentence, columns=(name,))


def _time_not_used(schema: Schema, split: Split) -> Risk | None:
    if split.kind == "time":
        return None
    dates = tuple(
        column.name
        for column in schema.features
        if column.kind == Kind.DATETIME or part_of_date(column.name) in ("year", "month")
    )
    if not dates:
        return None
    sentence = (
        "There are dates, but nothing shows that they tell when a row happened; if one does and "
        "the model is used on later rows, name it as `time`."
    )
    return Risk(name="time not used", sentence=sentence, columns=dates[:_SHOWN])


def _neighbours_agree(table: Table, split: Split) -> Risk | None:
    if split.kind not in ("random", "stratified"):
        return None
    agreement = table.answers.among_rows()
    if not agreement.is_certain or agreement.excess < _MOST_ALIKE:
        return None
    sentence = (
        f"Rows next to each other agree in the target {agreement.errors:.0f} standard errors beyond"
        " chance: the table is sorted by something; if it is time or what rows belong to, name it "
        "as `time` or `group`, for a holdout drawn by chance would flatter."
    )
    return Risk(name="order of the rows", sentence=sentence)
