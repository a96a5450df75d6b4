"""Small models are written as projects, which learn them again in processes of their own."""

import ast
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from build_examples import Known, ignore, make_folds, make_rows
from modelwright.build.draft import make_bundle
from modelwright.build.engine import build_program
from modelwright.build.question import Question
from modelwright.build.source.describing import _score
from modelwright.build.source.origin import Origin
from modelwright.build.source.project import Left, Written, write_source
from modelwright.build.trend.trend import Trend
from modelwright.compute.budget import Budget
from modelwright.data.conform import columns_of
from modelwright.data.inference.infer import infer_schema
from modelwright.data.prepare import prepare
from modelwright.data.schema import Column, Kind, Schema
from modelwright.data.sources.open import open_source
from modelwright.data.splitting.splits import Split, folds_of, holdout_mask
from modelwright.errors import BudgetError
from modelwright.learners.catboost import CatBoost
from modelwright.learners.kernel_machine import KernelMachine
from modelwright.learners.lightgbm import LightGBM
from modelwright.learners.linear import Linear
from modelwright.learners.memo import Memo
from modelwright.learners.network import Network
from modelwright.learners.portfolio import portfolio_of, usual_families
from modelwright.learners.rows import rows_of
from modelwright.learners.xgboost import XGBoost
from modelwright.predictor.bundle import Facts
from modelwright.predictor.bundle_folder import read_bundle, write_bundle
from modelwright.tasks.infer import infer_task
from modelwright.tasks.interval import Interval
from modelwright.tasks.metrics import METRICS
from modelwright.tasks.targets import encode_target
from modelwright.tasks.task import Task

LEAF = {"leaves": 8}


@dataclass(frozen=True)
class Fixed:
    """A learner that no search knows how to vary, so that a build ends long before its budget."""

    learner: object

    @property
    def name(self):
        return f"fixed_{self.learner.name}"

    @property
    def title(self):
        return self.learner.title

    def suits(self, task):
        return self.learner.suits(task)

    def fit(self, rows, **how):
        return self.learner.fit(rows, **how)


@dataclass(frozen=True)
class Without(Fixed):
    """A learner that does not see a column, so that one that does gets a weight beside it."""

    column: str

    def fit(self, rows, *, check_rows=None, **how):
        if check_rows is not None:
            how["check_rows"] = self.hide(check_rows)
        return self.learner.fit(self.hide(rows), **how)

    def hide(self, rows):
        kept = tuple(name for name in rows.schema.names if name != self.column)
        return replace(rows, schema=rows.schema.select(kept), memo=Memo())


class OnFolds(Fixed):
    """A learner that has no time to learn from all rows: what it learned on a fold ships."""

    def fit(self, rows, *, check_rows=None, **how):
        if check_rows is None:
            raise BudgetError("There is no time.")
        return self.learner.fit(rows, check_rows=check_rows, **how)


def make_table(count=500, *, seed=0):
    """Return orders with numbers, few and many levels, moments, truths and missing values."""
    draw = np.random.default_rng(seed)
    size, weight, chance = draw.normal(size=(3, count))
    city = draw.choice([f"city {number}" for number in range(12)], size=count)
    colour = draw.choice(np.array(["red", "blue", "green", None], dtype=object), size=count)
    days = draw.integers(0, 700, size=count)
    answer = size + (city == "city 3") + (colour == "red") + 0.5 * chance
    return pl.DataFrame(
        {
            "size": size,
            "weight of 'it'": np.where(weight > 1.5, np.nan, weight),
            'ci"ty\n{{ x }}': city,
            "colour": pl.Series(colour.tolist(), dtype=pl.String),
            "ordered": pl.Series(days).map_elements(
                lambda day: f"{1 + day % 28:02d}.{1 + day % 12:02d}.2024", return_dtype=pl.String
            ),
            "length": [f"{number:.1f} cm" for number in 100 + 20 * chance],
            "at": [f"{day % 24}:{day % 60:02}" for day in days],
            "urgent": draw.random(count) > 0.4,
            "returned": np.where(answer > 0.5, "yes", "no"),
            "speed": np.select([answer > 1, answer > 0], ["high", "middle"], "low"),
            "price": np.round(20 * np.exp(answer + 0.2 * (days % 12)), 2),
        }
    ).with_columns(pl.col("weight of 'it'").fill_nan(None))


def make_paid():
    """Return orders with amounts as they are written in France."""
    table = make_table().drop("returned", "price")
    amounts = [f"{1e3 * size:,.2f} €".translate({44: 160, 46: 44}) for size in table["size"]]
    return table.with_columns(paid=pl.Series(amounts))


def make_words(count=400, *, seed=0):
    """Return orders with texts, wordings as levels, and moments that are attributes."""
    draw = np.random.default_rng(seed)
    words = np.array(["red", "blue", "small", "broken", "late", "Über", "don't", "again", "fire"])
    titles = [" ".join(draw.choice(words, size=3, replace=False)) for _ in range(60)]
    notes = [" ".join(draw.choice(words, size=draw.integers(1, 30))) for _ in range(count)]
    said = ["".join(draw.choice([*"好坏很不快慢喜欢"], size=12)) for _ in range(count)]
    left, right, only = draw.normal(size=(3, count))
    title = draw.choice(titles, size=count)
    born, ordered = draw.integers(0, 9_000, size=count), draw.integers(9_000, 9_400, size=count)
    told = [2.0 * ("fire" in name) - ("late" in name) for name in title]
    answer = np.array(told) + [note.count("red") / 5 for note in notes] + (ordered - born) / 9e3
    answer += [1.0 * ("喜欢" in text) for text in said]
    answer += only + 2.0 * ((left > 0) == (right > 0))  # which no line can learn
    days = [
        [(date(1995, 1, 1) + timedelta(days=int(day))).isoformat() for day in column]
        for column in (born, ordered)
    ]
    hours = np.where(np.random.default_rng(seed + 1).random(count) > 0.5, "T09:00", "T18:00")
    return pl.DataFrame(
        {
            "title": title,
            "note": pl.Series([None, *notes[1:]], dtype=pl.String),
            "said": said,
            "born": days[0],
            "ordered": [f"{day}{hour}" for day, hour in zip(days[1], hours, strict=True)],
            "quarter": [f"Q{1 + day % 4} {2020 + day % 3}" for day in born],
            "week": [f"{2020 + day % 3}-W{1 + day % 50:02d}" for day in born],
            "left": left,
            "right": right,
            "only": only,
            "price": answer + 0.2 * draw.normal(size=count),
        }
    )


def make_project(
    target,
    learners,
    folder,
    *,
    metric,
    split=None,
    seconds=60.0,
    table=None,
    commas=False,
    workbook=False,
    trend=None,
    weights=(),
):
    """Build a model, write its bundle and data.csv into a folder, and return the bundle."""
    if table is None:
        table = make_table()
        table = table.drop({"returned", "speed", "price"} - {target})
    if workbook:
        dated = table.with_columns(pl.col("ordered").str.to_date("%d.%m.%Y"))
        dated.write_excel(folder / "data.xlsx", "May", position="B4")
        table = open_source(str(folder / "data.xlsx")).read()
    if commas:
        table = table.with_columns(
            sides=pl.format(
                "{},5 x {},25 cm",
                pl.col("size").abs().mul(9).cast(pl.Int64),
                pl.int_range(pl.len()) % 97,
            )
        )
    schema, task = infer_schema(table, target=target), infer_task(table[target])
    usual = "stratified" if task.is_classification else "random"
    split = split or Split(kind=usual, folds=3, seed=3)
    frame = prepare(table, schema)
    held = holdout_mask(frame, split, encode_target(frame[target], task))
    training = frame.filter(pl.Series(~held))
    rows = rows_of(training, schema, target=target, task=task)
    rows = replace(rows, forward=split.kind == "time")
    built = build_program(
        Question(metric=METRICS[metric], learners=tuple(learners), seed=5, trend=trend),
        rows,
        folds_of(training, split, rows.target),
        budget=Budget.start(seconds),
        report=ignore,
    )
    built = replace(built, decision=replace(built.decision, weights=weights))
    bundle = make_bundle(
        built,
        rows,
        facts=Facts(question="What ``` comes?\n# yes", target=target, metric=metric),
        contract_text="",
        records=training.select(rows.schema.names).head(40).to_dicts(),
        origin=Origin(
            schema,
            target,
            split,
            has_decimal_commas=commas,
            has_lines_around=commas,
            encoding="utf-16" if commas else "utf-8",
            is_workbook=workbook,
        ),
        metric=METRICS[metric],
    )
    write_bundle(bundle, folder / "bundle")
    if workbook:
        return read_bundle(folder / "bundle")
    rows = table.write_csv(separator=";" if commas else ",", decimal_comma=commas)
    if commas:
        rows = f"Report of May\n\n{rows};\nTotal{';' * (table.width - 1)}\n"
    (folder / "data.csv").write_text(rows, encoding="utf-16" if commas else "utf-8")
    return read_bundle(folder / "bundle")


def run(folder, *command):
    """Run Python in the project, as its README says; the test fails with what it printed."""
    source = folder / "bundle" / "source"
    done = subprocess.run(
        [sys.executable, "-B", *command],
        cwd=source,
        env=os.environ
        | {
            "DATA": str(next(folder.glob("data.*"))),
            # Plugins of the tests' own environment are none of the project's.
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def learn_again(folder):
    """Let the project's own tests learn the model again."""
    found = run(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, ".")
    assert " passed" in found
    assert "skipped" not in found


class Unwritten(Fixed):
    """A learner that nobody has written down, as those of other packages."""

    def fit(self, rows, **how):
        return replace(self.learner.fit(rows, **how), recipe=None)


BY_TIME = Split(kind="time", column="ordered", boundary="2024-10-01T00:00:00", folds=2)
BY_GROUP = Split(kind="group", column="colour", holdout_fraction=0.4, folds=2, seed=2)
TREES = LightGBM(**LEAF)
ELASTIC = Linear(name="elastic", penalty="both")
PROJECTS = {
    "binary": {
        "target": "returned",
        "metric": "log_loss",
        "learners": [OnFolds(TREES), Unwritten(Without(Linear(), "urgent"))],
    },
    "multiclass": {
        "target": "speed",
        "metric": "log_loss",
        "learners": [Fixed(XGBoost(**LEAF)), Fixed(Network(units=32, epochs=20))],
        "table": make_paid(),
    },
    "time": {
        "target": "price",
        "metric": "rmsle",
        "learners": [OnFolds(CatBoost(depth=3))],
        "split": BY_TIME,
        "trend": Trend("ordered", 60.0),
        "workbook": True,
    },
    "group": {
        "target": "price",
        "metric": "mape",
        "learners": [OnFolds(TREES)],
        "split": BY_GROUP,
        "commas": True,
    },
    "likeness": {
        "target": "returned",
        "metric": "log_loss",
        "learners": [Fixed(KernelMachine(centres=60)), Fixed(Network(units=16, epochs=20))],
        "table": make_table().drop("ordered", "speed", "price"),
    },
    "lines": {
        "target": "speed",
        "metric": "log_loss",
        "learners": [Without(Linear(), "length"), Without(ELASTIC, "colour")],
        "weights": (1.0, 1.7, 0.6),
    },
    "words": {
        "target": "price",
        "metric": "rmse",
        "learners": [Without(TREES, "only"), Fixed(Linear())],
        "table": make_words(),
    },
}


@pytest.fixture(scope="module", params=PROJECTS)
def project(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    return request.param, folder, make_project(folder=folder, **PROJECTS[request.param])


def test_what_it_learns_again_answers_as_the_bundle(project):
    _, folder, bundle = project
    assert bundle.facts.no_source == ""
    learn_again(folder)


def test_it_is_clean_typed_and_small(project, tmp_path_factory):
    _, folder, bundle = project
    source = str(folder / "bundle" / "source")
    cache = str(tmp_path_factory.getbasetemp() / "mypy")
    run(folder, "-m", "ruff", "check", "--no-cache", source)
    run(folder, "-m", "ruff", "format", "--check", "--no-cache", source)
    run(folder, "-m", "mypy", "--strict", "--cache-dir", cache, ".")
    code = {name: text for name, text in bundle.source.items() if name.endswith(".py")}
    assert sum(len(text.encode()) for text in code.values()) < 50_000
    assert all(ast.parse(text) for text in code.values())


CARRIED = {"binary": {"learned/fixed_fixed_linear_1.json"}}


def test_it_says_what_is_learned_again_and_what_is_carried_over(project):
    name, _, bundle = project
    carries, is_of_fold = name in CARRIED, name in ("binary", "time", "group")
    readme, decided = bundle.source["README.md"], bundle.source["settings.py"]
    assert ("carried over as it was learned" in readme) == carries
    assert bool(bundle.facts.carried) == ("carried.py" in bundle.source) == carries
    assert ("from the rows of a fold" in readme) == ("fold=" in decided) == is_of_fold
    learned = {each for each in bundle.source if each.startswith("learned/")}
    assert learned == CARRIED.get(name, set())


@pytest.mark.parametrize("project", ["words"], indirect=True)
def test_texts_dates_and_seeds_are_learned_again(project):
    decided = project[2].source["settings.py"]
    for wanted in (
        'Topics("title", components=16, each_level_once=True)',
        'Topics("note", components=',
        'Flags("note", most=',
        "fit_ridge_regression",
        'Characters(Text("note"), most=20000)',
        '"epoch_day"',
        "Days(",
        'WeekHours(Moment("ordered", parts=("weekday", "hour")))',
        "seeds=(5, 6, 7, 8)",
    ):
        assert wanted in decided


@pytest.mark.parametrize("project", ["lines"], indirect=True)
def test_both_penalties_are_learned_again_side_by_side(project):
    source = project[2].source
    assert source["settings.py"].count('"penalty": "both"') == 1
    assert "PENALTIES = " in source["linear.py"]
    assert "def walk_sparsely(" in source["linear.py"]


@pytest.mark.parametrize("project", ["multiclass"], indirect=True)
def test_a_network_is_learned_again(project):
    decided, code = project[2].source["settings.py"], project[2].source["layers.py"]
    assert '"embedded": 1' in decided
    assert "class Adam" in code


def test_its_readme_names_the_score_as_people_do():
    score = Interval(value=0.21, low=0.16, high=0.27, level=0.95, method="bootstrap")
    told = _score(SimpleNamespace(holdout_score=score, metric="quantile:0.9"))
    assert told == "0.21 (pinball loss of the 0.9 quantile; 95% interval 0.16 to 0.27)"


@pytest.mark.parametrize("project", ["likeness"], indirect=True)
def test_a_kernel_machine_is_learned_again(project):
    source = project[2].source
    assert "fit=fit_kernel_logistic_regression" in source["settings.py"]
    assert "on_circle" not in source["scaling.py"]


@pytest.mark.parametrize("project", ["binary"], indirect=True)
def test_its_readme_can_be_followed(project):
    """Train and predict as it says; the answers are the program's."""
    _, folder, bundle = project
    run(folder, "train.py", str(folder / "data.csv"))
    answers = pl.read_csv(run(folder, "predict.py", str(folder / "data.csv")).encode())
    table = make_table()
    likely = bundle.program.run(columns_of(prepare(table, bundle.schema), bundle.schema))
    np.testing.assert_allclose(answers["probability of yes"], likely[:, 1], rtol=1e-9)
    assert answers["answer"].to_list() == bundle.program.decide(likely)
    assert "# What ''' comes? # yes" in bundle.source["README.md"]


@pytest.mark.parametrize("project", ["group"], indirect=True)
def test_it_reads_parquet_where_the_csv_had_decimal_commas(project):
    _, folder, _ = project
    make_table().head(9).write_parquet(folder / "bundle" / "source" / "few.parquet")
    read = "from pathlib import Path; from features import read_table; "
    assert run(folder, "-c", f"{read}print(read_table(Path('few.parquet')).height)") == "9\n"


def test_the_usual_portfolio_has_a_project(tmp_path):
    learners = portfolio_of(usual_families(), Task(kind="regression"))
    bundle = make_project("price", learners, tmp_path, metric="rmse", seconds=8)
    if bundle.facts.no_source:  # on a busy machine nothing but a baseline may be made
        assert bundle.facts.no_source.startswith("none of its members can be learned again")
    else:
        learn_again(tmp_path)


def build(rows, learner):
    return build_program(
        Question(metric=METRICS["rmse"], learners=(Fixed(learner),)),
        rows,
        make_folds(rows, 3),
        budget=Budget.start(60),
        report=ignore,
    )


def write(built, rows, schema=None):
    schema = schema or Schema(columns=(*rows.schema, Column(name="y", kind=Kind.NUMERIC)))
    return write_source(built, rows, Origin(schema, "y"), facts=Facts(
        question="", target="y", metric="rmse"), cases=())  # fmt: skip


def test_a_model_of_which_nothing_can_be_learned_again_has_no_project():
    rows = make_rows("regression")
    left = write(build(rows, Known(name="known", slope=1.0)), rows)
    assert left == Left("none of its members can be learned again without modelwright")


NAMES = st.lists(
    st.text(st.characters(exclude_categories=()), min_size=1, max_size=12)
    | st.sampled_from(['"""', "'''", "\\", "{{ x }}", "{% x %}", "\n", "__import__('os')", "*/"]),
    min_size=3,
    max_size=3,
    unique=True,
).filter(lambda names: "y" not in names)


@pytest.fixture(scope="module")
def learned():
    """Learn once; hostile names are put in afterwards, which costs no time."""
    rows = make_rows("regression")
    return rows, build(rows, LightGBM(**LEAF))


@given(NAMES)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_hostile_names_stay_texts(learned, names):
    import msgspec

    rows, built = learned
    new = dict(zip(rows.schema.names, names, strict=True))
    columns = [msgspec.structs.replace(each, name=new[each.name]) for each in rows.schema]
    renamed = replace(rows, schema=Schema(columns=tuple(columns)))
    refits = {
        place: tuple(replace(each, program=_renamed(each.program, new)) for each in refits)
        for place, refits in built.refits.items()
    }
    written = write(replace(built, refits=refits), renamed)
    assert isinstance(written, Written)
    files = written.files
    tree = ast.parse(files["settings.py"])
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert set(names) <= texts
    calls = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert calls <= {"Encoder", "Number", "Category", "Member"}
    assert all(ast.parse(text) for name, text in files.items() if name.endswith(".py"))


def _renamed(program, new):
    import msgspec

    def moved(name):
        column = name.removeprefix("column:")
        return f"column:{new[column]}" if name.startswith("column:") else name

    steps = [
        msgspec.structs.replace(step, inputs=tuple(map(moved, step.inputs)))
        for step in program.steps
    ]
    return msgspec.structs.replace(program, steps=tuple(steps))
