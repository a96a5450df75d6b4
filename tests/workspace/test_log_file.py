from datetime import UTC, datetime

from modelwright.workspace.log_file import LogFile


def make(folder):
    return LogFile(folder, lambda: datetime(2026, 3, 1, 12, tzinfo=UTC))


def test_a_sentence_is_one_line_whatever_is_in_it(tmp_path):
    log = make(tmp_path)
    log.write("run", "build", "two\nlines \udcff出")
    log.write("run", "build", "then")
    first, second = log.path.read_text(encoding="utf-8").splitlines()
    assert first == "2026-03-01T12:00:00Z run      build     two lines ?出"
    assert second.endswith("then")


def test_a_large_file_begins_anew_and_the_one_before_is_kept(tmp_path):
    log = make(tmp_path)
    log.path.write_text("x" * (1 << 20) + "\n")
    log.write("run", "build", "the last of the old")
    log.write("run", "build", "the first of the new")
    assert len(log.path.read_text().splitlines()) == 2
    assert (tmp_path / "modelwright.log.1").stat().st_size > 1 << 20


def test_a_log_that_cannot_be_written_keeps_nobody_from_working(tmp_path):
    make(tmp_path / "gone").write("run", "build", "nothing")
    (tmp_path / "modelwright.log").mkdir()
    make(tmp_path).write("run", "build", "nothing")
