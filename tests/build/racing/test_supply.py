import itertools

from modelwright.build.racing.supply import Standing, Supply, most_configurations
from modelwright.learners.lightgbm import LightGBM


class Numbered:
    """Proposes learners by number and remembers what it was told."""

    def __init__(self):
        self.told = []
        self.numbers = itertools.count(1)

    def tell(self, learner, loss):
        self.told.append((learner.name, loss))

    def propose(self):
        return LightGBM(name=f"new-{next(self.numbers)}")


def ended(name, loss=1.0):
    return Standing(LightGBM(name=name), loss, racing=False)


def racing(name):
    return Standing(LightGBM(name=name), None, racing=True)


def test_nothing_is_offered_beyond_the_most():
    supply = Supply(Numbered(), most=2, began_with=1)
    assert supply.offer([ended("a")]) is not None
    assert supply.offer([ended("a"), ended("b")]) is None


def test_the_same_learner_is_offered_until_it_is_taken():
    supply = Supply(Numbered(), most=9, began_with=1)
    assert supply.offer([ended("a")]) == supply.offer([ended("a")])
    supply.next()
    assert supply.offer([ended("a")]).name == "new-2"


def test_it_waits_for_those_that_it_follows():
    supply = Supply(Numbered(), most=9, began_with=2)
    assert supply.offer([ended("a"), racing("b")]) is None


def test_what_is_known_depends_on_the_number_of_learners_and_not_on_who_is_ready():
    new = [ended(f"new-{number}") for number in range(1, 9)]
    for ready in range(4, 8):
        supply = Supply(Numbered(), most=99, began_with=1)
        others = [racing(each.learner.name) for each in new[ready:]]
        assert supply.offer([ended("a"), *new[:ready], *others]) is not None
        known = [name for name, _ in supply.proposals.told]
        assert known == ["a", "new-1", "new-2", "new-3", "new-4"]


def test_a_learner_without_a_score_teaches_nothing():
    supply = Supply(Numbered(), most=9, began_with=2)
    supply.offer([ended("a"), ended("b", None)])
    assert supply.proposals.told == [("a", 1.0)]


def test_few_rows_tell_few_configurations_apart():
    counts = [most_configurations(rows) for rows in (0, 1, 100, 1_000, 10_000, 10**7)]
    assert counts == sorted(counts)
    assert (counts[0], counts[-1]) == (4, 100)
