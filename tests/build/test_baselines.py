"""The simple things to beat: what folds could not ask, all rows are asked."""

from dataclasses import replace

import numpy as np

from build_examples import make_rows
from modelwright.build.baselines import Baselines, baseline_outcomes
from modelwright.build.racing.fits import Ground
from modelwright.compute.budget import Budget
from modelwright.data.schema import Column, Kind, Schema
from modelwright.tasks.metrics import METRICS


def test_all_rows_are_asked_for_each_column_though_an_early_fold_has_one_class():
    rows, draw = make_rows(count=400, strength=5.0), np.random.default_rng(5)
    columns = {f"noise {n}": draw.normal(size=400) for n in range(9)}
    columns["signal"] = rows.columns["signal"]
    schema = Schema(columns=tuple(Column(name=each, kind=Kind.NUMERIC) for each in columns))
    target = np.where(np.arange(400) < 80, 0, rows.target)
    rows = replace(rows, schema=schema, columns=columns, target=target)
    forward = tuple((np.arange(end), np.arange(end, end + 80)) for end in (80, 160, 240, 320))
    ground = Ground(rows, forward, 0)
    baselines = Baselines(ground, Budget.start(600.0))
    rule = baseline_outcomes(baselines.race(range(4)), ground)[1]
    assert rule.rounds is None
    shipped = baselines.learn(rule, seed=0)
    assert METRICS["roc_auc"].score(target, shipped.program.run(columns)) > 0.7
