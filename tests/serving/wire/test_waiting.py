from modelwright.serving.wire.waiting import WaitingRoom


class _Rounds:
    """An event loop by hand."""

    def __init__(self) -> None:
        self._calls = []

    def later(self, call) -> None:
        self._calls.append(call)

    def go(self) -> None:
        calls, self._calls = self._calls, []
        for call in calls:
            call()


class _Visitor:
    def __init__(self, name: str, begun: list[str]) -> None:
        self.gone = False
        self._name, self._begun = name, begun

    def begin(self) -> None:
        self._begun.append(self._name)


def _room(*, waiting: int, at_work: int):
    rounds, begun = _Rounds(), []
    room = WaitingRoom(waiting=waiting, at_work=at_work, later=rounds.later)
    return room, rounds, begun


def test_one_begins_in_each_round_in_the_order_of_arrival():
    room, rounds, begun = _room(waiting=3, at_work=9)
    assert all(room.admit(_Visitor(name, begun)) for name in "abcd")
    assert not room.admit(_Visitor("e", begun))
    seen = []
    for _ in range(4):
        seen.append("".join(begun))
        rounds.go()
    assert seen == ["a", "ab", "abc", "abcd"]
    assert room.waiting == 0


def test_no_more_are_at_work_than_may_be():
    room, rounds, begun = _room(waiting=3, at_work=1)
    for name in "ab":
        room.admit(_Visitor(name, begun))
    rounds.go()
    rounds.go()
    assert begun == ["a"]
    room.finished()
    rounds.go()
    assert begun == ["a", "b"]
    room.finished()
    assert room.empty


def test_who_went_away_is_not_begun_and_makes_room():
    room, rounds, begun = _room(waiting=1, at_work=9)
    room.admit(_Visitor("a", begun))
    away = _Visitor("b", begun)
    room.admit(away)
    away.gone = True
    assert room.admit(_Visitor("c", begun))
    rounds.go()
    assert begun == ["a", "c"]


def test_a_later_visitor_begins_at_once_when_nobody_is_there():
    room, rounds, begun = _room(waiting=0, at_work=9)
    assert room.admit(_Visitor("a", begun))
    assert not room.admit(_Visitor("b", begun))
    rounds.go()
    assert room.admit(_Visitor("c", begun))
    assert begun == ["a", "c"]


def test_several_may_begin_in_one_round():
    rounds, begun = _Rounds(), []
    room = WaitingRoom(waiting=9, at_work=3, in_a_round=2, later=rounds.later)
    for name in "abcdef":
        room.admit(_Visitor(name, begun))
    assert begun == ["a"]
    rounds.go()
    assert (begun, room.at_work) == (["a", "b", "c"], 3)
    rounds.go()
    assert begun == ["a", "b", "c"]
    room.finished()
    rounds.go()
    assert begun == ["a", "b", "c", "d"]


def _settled(step_s: float, *, alone_s: float = 0.0) -> int:
    """Return how many wait where somebody is always turned away and one begins in each step."""
    now = [0.0]
    rounds = _Rounds()
    room = WaitingRoom(waiting=64, at_work=1, later=rounds.later, clock=lambda: now[0])
    for _ in range(9):
        room.admit(_Visitor("x", []))
        now[0] += alone_s
        room.finished()
        rounds.go()
    for _ in range(600):
        while not room.is_full():
            room.admit(_Visitor("x", []))
        now[0] += step_s
        room.finished()
        rounds.go()
        rounds.go()
    while not room.is_full():
        room.admit(_Visitor("x", []))
    return room.waiting


def test_whoever_is_let_in_while_others_are_turned_away_waits_hardly_at_all():
    assert _settled(0.02) == 1
    assert _settled(0.0008) == 1
    assert 2 <= _settled(0.00005) <= 4
    assert _settled(0.000001) == 64


def test_that_is_no_longer_than_an_idle_server_takes():
    assert 3 <= _settled(0.0008, alone_s=0.004) <= 5
    assert _settled(0.02, alone_s=0.004) == 1


def test_a_queue_that_stays_turns_nobody_away_who_may_be_at_work_next():
    now = [0.0]
    rounds = _Rounds()
    room = WaitingRoom(waiting=64, at_work=16, later=rounds.later, clock=lambda: now[0])
    waiting = 16
    for _ in range(waiting + 1):
        assert room.admit(_Visitor("x", []))
    for _ in range(300):
        # One is done, late, and its client asks again.
        now[0] += 0.02
        rounds.go()
        room.finished()
        assert room.admit(_Visitor("x", []))


def test_a_burst_may_fill_the_room_of_a_slow_server():
    now = [0.0]
    rounds = _Rounds()
    room = WaitingRoom(waiting=9, at_work=1, later=rounds.later, clock=lambda: now[0])
    for _ in range(2):
        while not room.is_full():
            room.admit(_Visitor("x", []))
        assert room.waiting == 9
        while not room.empty:
            now[0] += 0.02
            room.finished()
            rounds.go()
            rounds.go()
        # Until the next one, nobody is turned away for a while.
        now[0] += 2.0


def _visit(room, rounds, now, *, after_s: float, work_s: float = 0.002) -> bool:
    """Let one come after a while, who is answered as soon as it begins."""
    now[0] += after_s
    if not room.admit(_Visitor("x", [])):
        return False
    now[0] += work_s
    room.finished()
    return True


def test_after_a_burst_a_room_that_is_often_at_rest_is_as_large_as_before():
    now = [0.0]
    rounds = _Rounds()
    room = WaitingRoom(waiting=9, at_work=4, later=rounds.later, clock=lambda: now[0])
    for _ in range(60):
        while not room.is_full():
            room.admit(_Visitor("x", []))
        now[0] += 0.02
        room.finished()
        rounds.go()
    while not room.empty:
        room.finished()
        rounds.go()
        rounds.go()
    assert not room.is_quiet()
    # Each is alone, and none is turned away: less than a second is enough.
    for _ in range(5):
        assert _visit(room, rounds, now, after_s=0.03)
        rounds.go()
    room.admit(_Visitor("x", []))
    assert all(room.admit(_Visitor("x", [])) for _ in range(9))


def test_whoever_comes_too_soon_is_no_harm_to_a_room_at_rest():
    now = [9.0]
    rounds = _Rounds()
    room = WaitingRoom(waiting=0, at_work=1, later=rounds.later, clock=lambda: now[0])
    room.admit(_Visitor("x", []))
    assert not room.admit(_Visitor("x", []))
    assert not room.is_quiet()
    room.finished()
    assert not room.is_quiet()
    now[0] += 0.2
    assert room.is_quiet()
