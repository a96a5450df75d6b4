"""A job into files: whole, in order, resumed, and once only."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from batch_examples import Killed, kill_after, make_rows
from modelwright.compute.crews.here import Here
from modelwright.data.pieces.open import open_pieces
from modelwright.engineer.batch.answers import predict_table
from modelwright.engineer.batch.ask import Asked, predict_all
from modelwright.engineer.batch.job import run_job
from modelwright.engineer.batch.merged import MergedFile
from modelwright.engineer.batch.parts import ASIDE, STATE, Parts, PartsFolder
from modelwright.engineer.batch.recipe import Recipe
from modelwright.errors import InputError, SchemaError, SourceError, WorkspaceError
from modelwright.predictor.bundle_folder import read_bundle

READERS = {".csv": pl.read_csv, ".jsonl": pl.read_ndjson, ".parquet": pl.read_parquet}


@pytest.fixture
def rows(tmp_path):
    path = tmp_path / "rows.parquet"
    make_rows(25, wrong=(7, 13)).write_parquet(path)
    return path


@pytest.fixture
def answer(bundle, rows):
    def answered(destination, policy="warn", jobs=1, crew=None, **recipe):
        pieces = open_pieces(str(rows), size=4)
        wanted = Recipe(bundle, policy=policy, **recipe)
        return run_job(wanted, pieces, destination, asked="test", jobs=jobs, crew=crew)

    return answered


@pytest.mark.parametrize("suffix", READERS)
def test_a_file_is_the_table_with_its_answers(suffix, answer, bundle, rows, tmp_path):
    out = tmp_path / f"out{suffix}"
    outcome = answer(MergedFile(out))
    expected = predict_table(read_bundle(bundle), pl.read_parquet(rows))
    assert_frame_equal(READERS[suffix](out), expected)
    assert (outcome.rows, outcome.resumed_at, outcome.refused) == (25, 0, False)
    assert {path.name for path in tmp_path.iterdir()} == {"rows.parquet", out.name}


def test_several_processes_give_the_same_file(answer, tmp_path):
    answer(MergedFile(tmp_path / "one.csv"))
    answer(MergedFile(tmp_path / "two.csv"), jobs=2)
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


def test_a_crew_gives_the_same_file_and_goes_on_where_a_killed_job_ended(answer, tmp_path):
    answer(MergedFile(tmp_path / "one.csv"))
    with pytest.raises(Killed):
        answer(kill_after(MergedFile(tmp_path / "two.csv"), 3), crew=Here(workers=2))
    outcome = answer(MergedFile(tmp_path / "two.csv"), crew=Here(workers=2))
    assert (outcome.rows, outcome.resumed_at) == (25, 12)
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


def test_a_part_that_lies_on_a_disk_of_its_worker_is_told(answer, tmp_path):
    class Elsewhere(Here):
        def ask(self, *order, budget):
            done = super().ask(*order, budget=budget)
            (tmp_path / "out" / "part-000002.parquet").unlink(missing_ok=True)
            return done

    with pytest.raises(InputError, match=r"wrote part-000002\.parquet, but it is not in"):
        answer(PartsFolder(Parts(tmp_path / "out", ".parquet")), crew=Elsewhere(workers=1))


@pytest.mark.parametrize("pieces", [1, 4, 7])
def test_a_killed_job_goes_on_where_it_ended(pieces, answer, tmp_path):
    out = tmp_path / "out.parquet"
    with pytest.raises(Killed):
        answer(kill_after(MergedFile(out), pieces))
    assert not out.exists()
    outcome = answer(MergedFile(out))
    assert outcome.resumed_at == min(25, 4 * pieces)
    assert pl.read_parquet(out)["id"].to_list() == list(range(25))


def test_another_question_begins_anew(answer, tmp_path):
    folder = tmp_path / "out"
    with pytest.raises(Killed):
        answer(kill_after(PartsFolder(Parts(folder, ".csv")), 3))
    assert len(list(folder.glob("part-*"))) == 3
    pieces = open_pieces(str(tmp_path / "rows.parquet"), size=13)
    wanted = Recipe(tmp_path / "none")
    with pytest.raises(Exception, match="no bundle"):
        run_job(wanted, pieces, PartsFolder(Parts(folder, ".csv")), asked="other")
    assert list(folder.glob("part-*")) == []


def test_a_folder_has_a_part_for_each_piece(answer, tmp_path):
    folder = tmp_path / "out"
    answer(PartsFolder(Parts(folder, ".parquet")), policy="quarantine")
    parts = sorted(folder.glob("part-*.parquet"))
    assert [path.name for path in parts[:2]] == ["part-000001.parquet", "part-000002.parquet"]
    assert pl.read_parquet(parts)["id"].to_list() == [n for n in range(25) if n not in (7, 13)]
    assert pl.read_parquet(folder / ASIDE / "*.parquet")["id"].to_list() == [7, 13]
    again = answer(PartsFolder(Parts(folder, ".parquet")))
    assert (again.rows, again.resumed_at) == (25, 0)
    assert not list(folder.glob(f"{ASIDE}/*"))


def test_rows_that_are_set_aside_are_a_file_beside(answer, tmp_path):
    out = tmp_path / "out.csv"
    assert answer(MergedFile(out), policy="quarantine").set_aside == 2
    assert pl.read_csv(out).height == 23
    assert pl.read_csv(tmp_path / "out.quarantine.csv")["id"].to_list() == [7, 13]
    answer(MergedFile(out))
    assert not (tmp_path / "out.quarantine.csv").exists()


def test_a_refused_job_writes_no_file_and_goes_on_when_the_source_is_mended(answer, rows, tmp_path):
    out = tmp_path / "out.csv"
    outcome = answer(MergedFile(out), policy="refuse")
    assert (outcome.refused, outcome.rows, out.exists()) == (True, 4, False)
    make_rows(25).write_parquet(rows)
    assert not answer(MergedFile(out), policy="refuse").refused
    assert pl.read_csv(out).height == 25


def test_a_folder_with_something_else_is_refused(answer, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").touch()
    with pytest.raises(InputError, match="something else"):
        answer(PartsFolder(Parts(tmp_path / "out", ".csv")))
    assert not (tmp_path / "out" / STATE).exists()


def test_what_cannot_be_written_is_told(answer, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(WorkspaceError, match="could not be written"):
        answer(MergedFile(tmp_path / "file" / "out.csv"))


@pytest.mark.parametrize("to", ["out.txt", "out"])
def test_a_file_says_its_format(to, bundle, rows, tmp_path):
    with pytest.raises(InputError, match="folder ends in a slash"):
        predict_all(Recipe(bundle), Asked(source=str(rows), to=str(tmp_path / to)))


def test_columns_are_chosen(bundle, rows, tmp_path):
    out = str(tmp_path / "out.csv")
    recipe = Recipe(bundle, columns=("id", "job"))
    predict_all(recipe, Asked(source=str(rows), to=out))
    assert pl.read_csv(out).columns == ["id", "job", "prediction", "probability_yes"]
    # Answers stand in place of older ones.
    source = pl.read_parquet(rows) if rows.suffix == ".parquet" else pl.read_csv(rows)
    source.with_columns(prediction=pl.lit("older")).write_csv(rows.with_name("older.csv"))
    predict_all(recipe, Asked(source=str(rows.with_name("older.csv")), to=out))
    again = pl.read_csv(out)
    assert again.columns == ["id", "job", "prediction", "probability_yes"]
    assert "older" not in again["prediction"]
    with pytest.raises(SchemaError, match="Did you mean 'job'"):
        predict_all(Recipe(bundle, columns=("jop",)), Asked(source=str(rows), to=out))


def test_no_rows_are_a_file_without_rows(bundle, tmp_path):
    make_rows(0).write_parquet(tmp_path / "none.parquet")
    asked = Asked(source=str(tmp_path / "none.parquet"), to=str(tmp_path / "out.csv"))
    assert predict_all(Recipe(bundle), asked).rows == 0
    assert (tmp_path / "out.csv").read_text().startswith("id,age,member")


def test_a_missing_source_leaves_nothing(bundle, tmp_path):
    with pytest.raises(SourceError, match="There is no file"):
        predict_all(
            Recipe(bundle), Asked(source=str(tmp_path / "no.csv"), to=str(tmp_path / "out.csv"))
        )
    assert list(tmp_path.iterdir()) == []
