import threading
import time
import warnings
from pathlib import Path

import pytest

from modelwright.compute.parallel import cores, map_threads


@pytest.mark.parametrize("workers", [1, 2, 7])
def test_results_keep_the_order_of_the_items(workers: int) -> None:
    def slow_first(number: int) -> int:
        time.sleep(0.02 if number == 0 else 0)
        return number * 2

    assert map_threads(slow_first, iter(range(20)), workers=workers) == list(range(0, 40, 2))


@pytest.mark.parametrize("workers", [1, 4])
def test_nothing_to_do(workers: int) -> None:
    assert map_threads(str, [], workers=workers) == []


def test_work_runs_side_by_side() -> None:
    meeting = threading.Barrier(3, timeout=5)
    assert len(map_threads(lambda _: meeting.wait(), range(3), workers=3)) == 3


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("fault", [KeyError, KeyboardInterrupt])
def test_the_first_error_cancels_the_rest(workers: int, fault: type[BaseException]) -> None:
    begun: list[int] = []

    def work(number: int) -> None:
        begun.append(number)
        if number == 1:
            raise fault("one")
        time.sleep(0.02)

    with pytest.raises(fault, match="one"):
        map_threads(work, range(100), workers=workers)
    assert len(begun) < 20


def test_ctrl_c_in_the_caller_does_not_wait_for_what_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    release = threading.Event()

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("modelwright.compute.parallel.wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        map_threads(lambda _: release.wait(10), range(10), workers=2)
    assert not release.is_set()
    release.set()


def test_warning_filters_stay_as_they_were_though_threads_share_them() -> None:
    before = list(warnings.filters)
    entered, left = threading.Event(), threading.Event()

    def first_in(number: int) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ImportWarning)
            if number:
                entered.set()
                left.wait(5)
            else:
                entered.wait(5)
        left.set()

    map_threads(first_in, range(2), workers=2)
    assert list(warnings.filters) == before


def group(root: Path, path: str, **files: str) -> None:
    folder = root / "sys/fs/cgroup" / path
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)


@pytest.mark.parametrize(
    ("member", "path", "files"),
    [
        ("0::/", "", {"cpu__max": "100000 100000\n"}),
        ("0::/a/b", "a/b", {"cpu__max": "100000 100000\n"}),
        ("0::/a/b", "a", {"cpu__max": "150000 100000\n"}),
        ("0::/", "", {"cpu__max": "20000 100000\n"}),
        (
            "4:cpu,cpuacct:/x",
            "cpu/x",
            {"cpu__cfs_quota_us": "100000", "cpu__cfs_period_us": "100000"},
        ),
        (
            "4:cpu,cpuacct:/host/x",
            "cpu",
            {"cpu__cfs_quota_us": "5000", "cpu__cfs_period_us": "5000"},
        ),
    ],
)
def test_a_container_with_one_core_has_one(
    tmp_path: Path, member: str, path: str, files: dict[str, str]
) -> None:
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/self/cgroup").write_text(member + "\n")
    group(tmp_path, path, **files)
    assert cores(tmp_path) == 1


@pytest.mark.parametrize("text", ["max 100000\n", "", "garbage", "1 2 3"])
def test_no_quota_is_no_limit(tmp_path: Path, text: str) -> None:
    group(tmp_path, "", cpu__max=text, cpu__cfs_quota_us="-1", cpu__cfs_period_us="100000")
    assert cores(tmp_path) == cores(tmp_path / "nothing") >= 1
