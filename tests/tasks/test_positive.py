"""The positive class is the one that reads as a yes."""

import pytest

from modelwright.tasks.positive import as_word, positive_class


@pytest.mark.parametrize(
    ("labels", "rows", "position"),
    [
        (["no", "yes"], [1, 9], 1),
        (["fraud", "legit"], [9, 1], 0),
        (["benign", "other"], [1, 9], 1),
        ([0, 7], [1, 9], 1),
        (["non-smoker", "smoker"], [1, 9], 1),
        (["Ja", "Nein"], [9, 1], 0),
        (["non", "oui"], [1, 9], 1),
        (["是", "否"], [9, 1], 0),
        (["nicht storniert", "storniert"], [1, 9], 1),
        (["north", "south"], [9, 1], 1),
        (["north", "south"], [1, 9], 0),
        (["north", "south"], [5, 5], 1),
    ],
)
def test_positive_class(labels, rows, position):
    assert positive_class(labels, rows)[0] == position


def test_as_word():
    assert [as_word(label) for label in (True, 2.0, 2.5, 3, " No ")] == [
        "true",
        "2",
        "2.5",
        "3",
        "no",
    ]
