from pathlib import Path

import polars as pl
import pytest

from bench.suite import (
    TARGET,
    contests_named,
    fingerprint,
    lay_out,
    read_suite,
    smallest,
)
from modelwright.errors import BriefError, SourceError


def test_a_suite_has_what_can_be_compared_in_the_catalogues_order(folder: Path) -> None:
    contests = read_suite(folder, suite="accuracy")
    assert [contest.name for contest in contests] == ["visits", "kinds", "prices"]
    assert contests[2].table == folder / "prices" / "sales.parquet"


def test_a_suite_that_is_not_there_is_named(folder: Path) -> None:
    with pytest.raises(BriefError, match="Did you mean 'accuracy'"):
        read_suite(folder, suite="acuracy")


def test_a_suite_without_a_table_to_compare_is_refused(folder: Path) -> None:
    with pytest.raises(BriefError, match="no classification and no regression"):
        read_suite(folder, suite="later")


def test_a_folder_without_a_catalogue_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"catalog\.json"):
        read_suite(tmp_path, suite="accuracy")


def test_contests_are_chosen_by_name(folder: Path) -> None:
    contests = read_suite(folder, suite="accuracy")
    assert [contest.name for contest in contests_named(contests, ["prices"])] == ["prices"]
    assert contests_named(contests, []) == contests
    with pytest.raises(BriefError, match="'prices'"):
        contests_named(contests, ["price"])


def test_the_smallest_classification_and_the_smallest_regression(folder: Path) -> None:
    contests = read_suite(folder, suite="accuracy")
    assert [contest.name for contest in smallest(contests)] == ["kinds", "prices"]


def test_ids_certain_leaks_and_groups_of_the_split_are_dropped(folder: Path) -> None:
    rows = lay_out(read_suite(folder, suite="accuracy")[0], rows=None, seed=0)
    assert rows.test.columns == ["odd", "size"]
    assert rows.train.columns == ["odd", "size", TARGET]


def test_the_split_is_kept_and_the_positive_class_is_one(folder: Path) -> None:
    rows = lay_out(read_suite(folder, suite="accuracy")[0], rows=None, seed=0)
    assert rows.task.classes == ("yes", "no")
    assert rows.test["size"].to_list() == [i for i in range(40) if i % 4 < 2]
    assert rows.truth.tolist() == [1 if i % 5 == 0 else 0 for i in rows.test["size"]]
    assert rows.metric.name == "roc_auc"


def test_rows_without_a_target_are_left_out(folder: Path) -> None:
    rows = lay_out(read_suite(folder, suite="accuracy")[2], rows=None, seed=0)
    assert len(rows.test) == len(rows.truth) == 18
    assert rows.train[TARGET].dtype == pl.Float64


def test_training_rows_are_capped_alike_for_all(folder: Path) -> None:
    contest = read_suite(folder, suite="accuracy")[1]
    first, again = (lay_out(contest, rows=10, seed=3) for _ in range(2))
    assert len(first.train) == 10
    assert len(first.test) == 20
    assert first.train.equals(again.train)


def test_a_positive_class_that_no_row_has_is_refused(folder: Path) -> None:
    text = (folder / "catalog.json").read_text().replace('"positive": "no"', '"positive": "No"')
    (folder / "catalog.json").write_text(text)
    with pytest.raises(SourceError, match="no row has the positive class 'No'"):
        lay_out(read_suite(folder, suite="accuracy")[0], rows=None, seed=0)


def test_a_split_of_another_length_is_refused(folder: Path) -> None:
    pl.DataFrame({"is_test": [True]}).write_parquet(folder / "kinds" / "split.parquet")
    with pytest.raises(SourceError, match="has 1 rows, its table 40"):
        lay_out(read_suite(folder, suite="accuracy")[1], rows=None, seed=0)


def test_the_fingerprint_changes_with_the_rows(folder: Path) -> None:
    contest = read_suite(folder, suite="accuracy")[1]
    before = fingerprint(contest)
    assert before == fingerprint(contest)
    pl.read_parquet(contest.table).head(39).write_parquet(contest.table)
    assert before != fingerprint(contest)
