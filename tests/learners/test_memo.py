from threading import Barrier, Thread

import pytest

from modelwright.learners.memo import Memo


def test_what_was_made_is_returned_again():
    memo, made = Memo(), []
    for _ in range(2):
        assert memo.of("a", lambda: made.append(1) or "result") == "result"
    assert made == [1]


def test_keys_are_kept_apart_and_clear_forgets_them():
    memo = Memo()
    assert (memo.of("a", lambda: 1), memo.of(("a", 2), lambda: 2)) == (1, 2)
    memo.clear()
    assert memo.of("a", lambda: 3) == 3


def test_what_raises_is_asked_again():
    memo = Memo()
    with pytest.raises(ZeroDivisionError):
        memo.of("a", lambda: 1 // 0)
    assert memo.of("a", lambda: 4) == 4


def test_threads_that_ask_at_once_share_one_result():
    memo, gate, made = Memo(), Barrier(4), []

    def ask():
        gate.wait()
        memo.of("a", lambda: made.append(1))

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [1]
