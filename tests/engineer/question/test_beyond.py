"""Rows that memory does not hold, divided as the sample was."""

import pickle
from functools import partial

import numpy as np
import polars as pl
import pytest

from modelwright.data.pieces.drawn import open_drawn
from modelwright.data.relations.feature import FeatureSet
from modelwright.data.relations.widen import add_features
from modelwright.data.splitting.portions import HELD
from modelwright.documents import Plan, read_document
from modelwright.engineer.question.intake import read_table, split_table


@pytest.fixture
def parts(project, tmp_path, monkeypatch):
    monkeypatch.setattr("modelwright.data.pieces.drawn._rows_of", lambda *given: 300)
    plan = read_document(Plan, project.workspace)
    source = open_drawn("orders.csv", table=None, query=None, sample=0, memory_bytes=10**9)
    intake = read_table(source)
    assert intake.table.height == 300
    widen = partial(add_features, features=FeatureSet(), frames={})
    return split_table(intake, plan, on_open=print, widen=widen), pl.read_csv("orders.csv").height


def test_every_row_is_somewhere(parts):
    split, rows = parts
    beyond = split.beyond
    assert beyond.rows == rows - 300
    assert beyond.memory_bytes == 10**9
    frames, roles = zip(*beyond.pieces(), strict=True)
    assert sum(map(len, frames)) == beyond.rows
    assert frames[0].columns == split.training.columns
    held = np.mean(np.concatenate(roles) == HELD)
    assert held == pytest.approx(len(split.holdout) / 300, abs=0.1)
    again = np.concatenate([role for _, role in beyond.pieces()])
    assert np.array_equal(np.concatenate(roles), again)
    # Workers elsewhere read the same.
    sent = pickle.loads(pickle.dumps(beyond))  # noqa: S301 - made a line above
    assert np.array_equal(np.concatenate([role for _, role in sent.pieces()]), again)


def test_all_rows_in_memory_leave_nothing_beyond(project):
    plan = read_document(Plan, project.workspace)
    source = open_drawn("orders.csv", table=None, query=None, sample=0, memory_bytes=10**12)
    assert split_table(read_table(source), plan, on_open=print).beyond is None
