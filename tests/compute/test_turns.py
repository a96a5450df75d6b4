from modelwright.compute.turns import Turns


def test_waiting_for_a_turn_is_a_hindrance():
    began = Turns(1.0, 5.0, at_s=0.0)
    assert Turns(2.9, 5.0, at_s=90.0).hindrance(began) == 1.0
    assert Turns(2.9, 15.0, at_s=90.0).hindrance(began) == 6.0
    assert Turns(1.0, 5.02, at_s=0.1).hindrance(began) < 1.5  # too little to tell


def test_where_turns_are_not_told_waiting_is_not_taken_for_endless():
    began = Turns(1.0, None, at_s=0.0)
    assert 1.0 < Turns(2.9, None, at_s=3.0).hindrance(began) < 2.0
    assert Turns(1.0, None, at_s=900.0).hindrance(began) == 4.0
    assert Turns(9.0, None, at_s=0.0).hindrance(began) == 1.0


def test_a_thread_that_worked_less_than_another_is_not_hindered():
    assert Turns(0.0, 0.0, at_s=1.0).hindrance(Turns(5.0, 5.0, at_s=0.0)) == 1.0
    assert Turns.now().worked_s >= 0
