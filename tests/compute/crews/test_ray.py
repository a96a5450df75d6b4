"""A real cluster of three nodes, made of processes on this machine: make test-ray."""

import os
import threading
import time
from dataclasses import dataclass

import numpy as np
import polars as pl
import pytest

pytest.importorskip("ray", reason="ray is not installed: make test-ray")

from ray import get_runtime_context
from ray.cluster_utils import Cluster

from batch_examples import Killed, kill_after, make_rows, write_example
from modelwright.build.racing.fits import Ground
from modelwright.build.site import Site
from modelwright.compute.budget import Budget
from modelwright.compute.crews.address import CrewAddress
from modelwright.compute.crews.base import ask_all
from modelwright.compute.crews.here import Here
from modelwright.compute.crews.ray import RayCluster
from modelwright.data.checks.parts.source import check_divided, check_source
from modelwright.data.checks.ranges import Range
from modelwright.data.checks.uniqueness import Unique
from modelwright.data.contracts.contract import Contract, ContractColumn
from modelwright.data.pieces.open import open_pieces
from modelwright.data.schema import Column, Kind
from modelwright.data.sources.open import open_source
from modelwright.engineer.batch.job import run_job
from modelwright.engineer.batch.merged import MergedFile
from modelwright.engineer.batch.recipe import Recipe
from modelwright.engineer.checking import looking_by
from modelwright.errors import BudgetError, ServiceError
from modelwright.learners.attempts import Attempt, Practice
from modelwright.learners.base import Rows
from modelwright.learners.registry import LEARNERS
from modelwright.learners.rehearsal import QUICK
from modelwright.learners.streams.growing import Recorded
from modelwright.learners.streams.reading import stream_into_bins
from modelwright.learners.streams.together import Shares, learn_together
from modelwright.learners.xgboost import XGBoost
from modelwright.testing import check_crew, example_rows

# What Ray itself leaves open when it ends.
pytestmark = pytest.mark.filterwarnings("ignore")

LIMIT = 2_000_000_000
_CORE = {"num_cpus": 1, "object_store_memory": 100 << 20}


@pytest.fixture(scope="module")
def told():
    return []


@pytest.fixture(scope="module")
def cluster():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_worker_niceness", "0")
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        cluster = Cluster(initialize_head=True, head_node_args=_CORE)
        cluster.leaving = cluster.add_node(**_CORE)
        cluster.add_node(**_CORE)
        cluster.wait_for_nodes()
        patch.setenv("RAY_ADDRESS", cluster.address)
        yield cluster
        cluster.shutdown()


@pytest.fixture(scope="module")
def crew(cluster, told):
    crew = RayCluster(CrewAddress.parse(f"ray?memory={LIMIT}"), report=told.append)
    yield crew
    crew.close()


def test_a_worker_stands_on_each_core_of_each_node(crew):
    assert crew.title == "3 workers on 3 nodes of a Ray cluster"


def test_a_cluster_keeps_the_contract_of_crews(crew, told, tmp_path):
    check_crew(crew, marker=tmp_path / "ended")
    (loss,) = told
    assert loss.startswith("A worker was lost: its piece of work begins again.")


def test_folds_are_the_same_to_the_bit_and_say_where_they_were_learned(crew):
    rows = example_rows("binary", count=300, seed=1)
    every = np.arange(len(rows))
    folds = tuple((every[every % 3 != fold], every[every % 3 == fold]) for fold in range(3))
    near, far = (Site.open(Ground(rows, folds, 5), each) for each in (None, crew))
    for name in ("lightgbm", "linear"):
        fits = [
            site.fit(LEARNERS[name], 1, budget=Budget.start(300), rounds=5) for site in (near, far)
        ]
        assert fits[0].answers.tobytes() == fits[1].answers.tobytes()
        assert (fits[0].place, "(" in fits[1].place) == ("", True)


def test_what_explore_measures_is_the_same_to_the_bit(crew):
    rows = example_rows("binary", count=300, seed=1)
    every = np.arange(len(rows))
    attempts = [Attempt(QUICK, every[:200], every[200:], rounds, 0) for rounds in (5, 10, 20)]
    near, far = (Practice.open(rows, each).answers(attempts) for each in (Here(1), crew))
    assert [each.tobytes() for each in near] == [each.tobytes() for each in far]


def test_a_contract_is_checked_on_the_nodes_as_here(crew, tmp_path):
    for part in range(2):
        ages = [float(age) for age in range(40 * part, 40 * part + 60)]
        pl.DataFrame({"age": ages}).write_parquet(tmp_path / f"{part}.parquet")
    rules = (Range(column="age", maximum=90), Unique(column="age"))
    column = ContractColumn(column=Column(name="age", kind=Kind.NUMERIC), checks=rules)
    contract = Contract(id="x", title="people", columns=(column,))
    source = open_source(str(tmp_path))
    found = check_divided(source, contract, looking=looking_by(crew))
    assert found == check_source(source, contract)
    assert [result.failed_rows for result in found.results] == [0, 0, 9, 20]


@dataclass(frozen=True)
class Further:
    """Rows in pieces, as workers read them."""

    rows: Rows

    def part(self, number, of):
        for place, some in enumerate(np.array_split(np.arange(len(self.rows)), 6)):
            if place % of == number:
                yield self.rows.take(some)


def test_nodes_learn_one_booster_together_each_from_a_part(crew, told):
    every = np.arange(1_200)
    rows = example_rows("binary", count=len(every), seed=3)
    sample, more, check = (rows.take(some) for some in np.split(every, [400, 1_000]))
    learner = XGBoost(leaves=8, row_fraction=1.0, feature_fraction=1.0)
    shares = Shares(learner, Further(more), sample, check, 10, Recorded(10, 0.3), 1)
    told.clear()
    fitted, _ = learn_together(crew, shares, parts=3, budget=Budget.start(300), report=told.append)
    (pupil,) = stream_into_bins(
        [learner],
        [more],
        count=len(more),
        sample=sample,
        check=check,
        budget=Budget.start(60),
        seed=1,
    )
    alone, _ = pupil.fit(usual_rounds=1, recorded=shares.recorded, budget=Budget.start(60))
    far, near = (each.program.run(check.columns) for each in (fitted, alone))
    assert np.abs(far - near).max() < 1e-4
    assert told == []


def test_rows_are_answered_on_the_nodes_and_a_killed_job_goes_on(crew, tmp_path):
    make_rows(60).write_parquet(tmp_path / "rows.parquet")
    pieces = open_pieces(str(tmp_path / "rows.parquet"), size=7)
    recipe = Recipe(write_example(tmp_path))
    run_job(recipe, pieces, MergedFile(tmp_path / "here.csv"), asked="one")
    killed = kill_after(MergedFile(tmp_path / "there.csv"), 4)
    with pytest.raises(Killed):
        run_job(recipe, pieces, killed, asked="two", crew=crew)
    there = MergedFile(tmp_path / "there.csv")
    assert run_job(recipe, pieces, there, asked="two", crew=crew).resumed_at == 28
    assert (tmp_path / "here.csv").read_bytes() == (tmp_path / "there.csv").read_bytes()


def test_a_limit_of_memory_is_told(crew):
    with pytest.raises(ServiceError, match=r"more memory than 2\.0 GB"):
        crew.ask(_hoard, crew.share(None), 2 * LIMIT, budget=Budget.start(60))


def test_what_does_not_end_in_time_is_given_up(crew, monkeypatch):
    monkeypatch.setattr("modelwright.compute.crews.ray._GRACE_S", 0.1)
    with pytest.raises(BudgetError, match="not done in time"):
        crew.ask(_wait, crew.share(None), 60.0, budget=Budget.start(0.1))


def test_a_node_that_dies_costs_no_more_than_its_own_tasks(cluster, crew, told, tmp_path):
    told.clear()
    began = crew.share(tmp_path)
    killer = threading.Thread(target=_kill_when_all_work, args=(cluster, tmp_path))
    killer.start()
    made = ask_all(crew, _note, began, range(9), budget=Budget.start(300))
    killer.join()
    assert made == [order**2 for order in range(9)]
    beginnings = [file.name.partition("-")[0] for file in tmp_path.glob("*-*")]
    assert set(beginnings) == {str(order) for order in range(9)}
    # The node had one core, so it had begun one piece.
    assert (len(beginnings), len(told)) == (10, 1)


def test_a_cluster_that_does_not_answer_is_told(cluster, crew, monkeypatch):
    monkeypatch.setattr("ray.is_initialized", lambda: False)
    with pytest.raises(ServiceError, match=r"answers at ray://127\.0\.0\.1:9:"):
        RayCluster(CrewAddress.parse("ray://127.0.0.1:9"), report=print)


def _kill_when_all_work(cluster, folder):
    while len(list(folder.iterdir())) < 3:
        time.sleep(0.02)
    node = cluster.leaving.node_id
    cluster.remove_node(cluster.leaving, allow_graceful=False)
    (folder / "dead").write_text(node)


def _note(folder, order, budget):
    (folder / f"{order}-{os.getpid()}").touch()
    here, dead = get_runtime_context().get_node_id(), folder / "dead"
    # A process outlives its node for a moment: it must not answer in it.
    while not dead.exists() or dead.read_text() in ("", here):
        time.sleep(0.02)
    return order**2


def _hoard(nothing, count, budget):
    return len(np.zeros(count, dtype=np.int8))


def _wait(nothing, seconds, budget):
    time.sleep(seconds)
