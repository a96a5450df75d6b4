from pathlib import Path

from modelwright.workspace.history import PastRun, history_path, read_history, remember_run

RUN = PastRun(
    rows=100,
    features=5,
    outputs=1,
    budget_s=60.0,
    seconds=50.0,
    memory_bytes=400_000_000,
    size_bytes=100_000,
)


def test_runs_come_back_in_their_order(tmp_path):
    path = tmp_path / "state" / "runs.jsonl"
    assert read_history(path) == ()
    for seconds in (50.0, 40.0):
        remember_run(path, PastRun(**{**_fields(), "seconds": seconds}))
    assert [run.seconds for run in read_history(path)] == [50.0, 40.0]


def _fields():
    return {name: getattr(RUN, name) for name in PastRun.__struct_fields__}


def test_lines_that_are_damaged_are_left_out(tmp_path):
    path = tmp_path / "runs.jsonl"
    remember_run(path, RUN)
    with path.open("ab") as file:
        file.write(b'{"rows": 1\n\xff\n{"rows": "many"}\n')
    remember_run(path, RUN)
    assert read_history(path) == (RUN, RUN)


def test_only_the_latest_are_read(tmp_path):
    path = tmp_path / "runs.jsonl"
    for _ in range(3):
        remember_run(path, RUN)
    path.write_bytes(path.read_bytes() * 1_000)
    assert len(read_history(path)) == 2_000


def test_none_is_kept_where_it_cannot_or_shall_not_be(tmp_path):
    file = tmp_path / "file"
    file.touch()
    remember_run(file / "runs.jsonl", RUN)
    assert read_history(file / "runs.jsonl") == ()
    remember_run(None, RUN)
    assert read_history(None) == ()


def test_where_it_is():
    assert history_path({"MODELWRIGHT_HISTORY": "off"}) is None
    assert history_path({"MODELWRIGHT_HISTORY": "/x/y"}) == Path("/x/y")
    assert history_path({}).parts[-2:] == ("modelwright", "runs.jsonl")
