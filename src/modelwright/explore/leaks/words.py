"""A word of a text is a class: the note of a complaint says "refunded" where money went back.

Such a text was written, or added to, when the outcome was known. It is asked about when nearly all
rows with the word are of one class, of two the rarer one, when nearly all rows of that class have
it, and when the other columns leave several times as much open. It is proof only where the word
says that something has ended: of what a text is about, a word may well be the name that is asked
for, as in "blue dress".
"""

import numpy as np

from modelwright.documents import Leak
from modelwright.explore.leaks.base import KNOWN, Case, in_percent
from modelwright.explore.leaks.copies import has_enough_rows
from modelwright.explore.leaks.levels import open_without
from modelwright.explore.leaks.names import says_ended

_MOST_ROWS = 5_000
_FEWEST_ROWS, _FEWEST_TO_DROP = 12, 30
_LEAST_PURE, _LEAST_COVERED = 0.95, 0.8
_GAP = 3.0
_LEAST_UNEXPLAINED_BY_REST = 0.1


def find_words(case: Case) -> list[Leak]:
    """Return the texts with a word that is a class: of two classes the rarer one."""
    if not case.sample.task.is_classification or not has_enough_rows(case):
        return []
    return [leak for name in case.texts if (leak := _judge(case, name))]


def _judge(case: Case, name: str) -> Leak | None:
    told = _told(case, name)
    if told is None:
        return None
    word, label, pure, covered = told
    of_class = case.sample.labels == label
    rest = open_without(case, case.left_out([name]), label)
    if rest < max(_LEAST_UNEXPLAINED_BY_REST, _GAP * (1 - covered + covered * (1 / pure - 1))):
        return None
    rows = covered * int(of_class.sum())
    is_binary = case.sample.task.kind == "binary"
    is_certain = is_binary and says_ended(word) and rows >= _FEWEST_TO_DROP
    answer = case.sample.task.classes[int(case.sample.answers[of_class][0])]
    return Leak(
        columns=(name,),
        verdict="certain" if is_certain else "suspicious",
        evidence=f"{name} says {word!r} in {in_percent(covered)} of the rows of the class "
        f"{answer!r}, and {in_percent(pure)} of the rows that say it are of that class. All weaker "
        f"columns together avoid {in_percent(max(0.0, 1 - rest))} of the mistakes "
        f"({case.sample.in_words()}).{'' if is_certain else f' {KNOWN}'}",
    )


def _told(case: Case, name: str) -> tuple[str, int, float, float] | None:
    """Return the word that is a class most nearly, the class, how pure it is and what it covers."""
    from sklearn.feature_extraction.text import CountVectorizer

    labels = case.sample.labels[:_MOST_ROWS]
    texts = case.sample.frame[name][: len(labels)].fill_null("").to_list()
    counter = CountVectorizer(binary=True, min_df=_FEWEST_ROWS, token_pattern=r"(?u)\b\w+\b")
    try:
        has_word = counter.fit_transform(texts)
    except ValueError:  # no word is in so many rows
        return None
    classes = np.arange(case.sample.classes)
    if case.sample.task.kind == "binary":
        classes = classes[[int(np.bincount(labels, minlength=2).argmin())]]
    is_class = (labels[:, None] == classes).astype(np.int64)
    both = has_word.T @ is_class
    rows = np.asarray(has_word.sum(axis=0)).reshape(-1, 1)
    pure = both / np.maximum(rows, 1)
    covered = both / np.maximum(is_class.sum(axis=0), 1)
    fits = (both >= _FEWEST_ROWS) & (pure >= _LEAST_PURE) & (covered >= _LEAST_COVERED)
    if not fits.any():
        return None
    place, label = np.unravel_index(np.where(fits, pure * covered, 0).argmax(), both.shape)
    word = str(counter.get_feature_names_out()[place])
    return word, int(classes[label]), float(pure[place, label]), float(covered[place, label])
