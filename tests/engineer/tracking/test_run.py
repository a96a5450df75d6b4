from msgspec.structs import replace

from dossiers import flights_dossier
from example_bundle import make_bundle
from modelwright.engineer.archive import hash_of
from modelwright.engineer.tracking.run import BUNDLE, CANDIDATE, run_of_bundle, run_of_candidate


def test_a_candidate_is_a_run_with_its_trials():
    dossier = flights_dossier()
    candidate = dossier.candidate
    run = run_of_candidate(candidate, dossier.findings)
    assert run.tags[CANDIDATE] == hash_of(candidate)
    assert run.metrics[f"holdout.{candidate.metric}"] == candidate.evaluation.score.value
    assert run.params["target"] == candidate.target
    assert {dataset.context: dataset.rows for dataset in run.datasets} == {
        "training": candidate.training_rows,
        "holdout": candidate.evaluation.rows,
    }
    tried = [each for each in candidate.trials if each.score is not None]
    assert [trial.name for trial in run.trials if not trial.failed] == [
        each.title for each in tried
    ]
    assert run_of_candidate(candidate, None).datasets == ()


def test_keys_hold_letters_that_every_server_takes():
    candidate = replace(flights_dossier().candidate, metric="costs.py:per_order")
    run = run_of_candidate(candidate, None)
    assert "holdout.costs.py_per_order" in run.metrics
    trials = [name for trial in run.trials for name in trial.metrics]
    assert not any(set(name) & set(':"/\\%&?=') for name in (*run.metrics, *run.params, *trials))


def test_what_no_time_was_left_for_is_no_trial():
    candidate = flights_dossier().candidate
    untried = replace(candidate.trials[0], score=None, gain=None, seconds=0.0, failure="no time")
    failed = replace(untried, seconds=1.0, failure="it met NaN")
    run = run_of_candidate(replace(candidate, trials=(untried, failed)), None)
    assert [(trial.failed, trial.tags["mlflow.note.content"]) for trial in run.trials] == [
        (True, "it met NaN")
    ]


def test_a_bundle_alone_is_a_run():
    run = run_of_bundle(make_bundle())
    assert run.tags[BUNDLE] == make_bundle().hash
    assert run.metrics == {
        "holdout.log_loss": 0.4,
        "holdout.log_loss.low": 0.3,
        "holdout.log_loss.high": 0.5,
    }
    assert run.ended_ms == 1_767_225_600_000
