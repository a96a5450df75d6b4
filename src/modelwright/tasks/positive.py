"""Which of two classes a binary question asks about."""

import re
from collections.abc import Sequence

from modelwright.errors import BriefError, nearest
from modelwright.tasks.task import Label

_YES = re.compile(
    r"true|yes|y|t|positive|pos|\+|success|event|spam|fraud|fraudulent|churn|churned|bad|default"
    r"|defaulted|late|failed|failure|faulty|sick|ill|disease|malignant|anomaly|attack|abnormal"
    r"|clicked|bought|converted|ja|j|wahr|oui|vrai|sí|si|verdadero|sim|tak|да|是|有|はい|예"
)
_NO = re.compile(
    r"0|-1|false|no|n|f|none|negative|neg|-|ham|legit|legitimate|genuine|normal|good|retained"
    r"|stayed|ok|healthy|benign|nein|falsch|non|faux|falso|não|nao|nee|nej|nie|нет|否|无|いいえ"
    r"|아니요|(not?|non|nicht)[\s_-]+\S.*"
)


def positive_class(labels: Sequence[Label], rows: Sequence[int]) -> tuple[int, str]:
    """Return which of two labels is the positive class, and why.

    Parameters
    ----------
    labels
        The two labels.
    rows
        How many rows hold each.

    Returns
    -------
    tuple
        The position of the one that reads as a yes, or whose opposite reads as a no, else of the
        rarer one; and a clause that says which of these it was.

    Examples
    --------
    >>> positive_class(["ham", "spam"], [900, 100])
    (1, 'reads as a yes')
    >>> positive_class(["Ja", "Nein"], [700, 200])
    (0, 'reads as a yes')
    >>> positive_class([1, 2], [200, 700])
    (0, 'is the rarer one')
    """
    words = [as_word(label) for label in labels]
    yes = [bool(_YES.fullmatch(word)) for word in words]
    if yes[0] != yes[1]:
        return yes.index(True), "reads as a yes"
    no = [bool(_NO.fullmatch(word)) for word in words]
    if no[0] != no[1]:
        return no.index(False), f"is the opposite of {labels[no.index(True)]!r}"
    return int(rows[1] <= rows[0]), "is the rarer one"


def asked_class(labels: Sequence[Label], asked: object, *, target: str) -> int:
    """Return the position of the label that the person names, however it is written.

    Parameters
    ----------
    labels
        The labels of the target.
    asked
        The label as the brief writes it.
    target
        The name of the target, for the message.

    Raises
    ------
    BriefError
        No label is written so; the nearest is offered.

    Examples
    --------
    >>> asked_class(["No", "Yes"], "yes", target="churn")
    1
    """
    if asked in labels:
        return list(labels).index(asked)  # type: ignore[arg-type]
    words = [as_word(label) for label in labels]
    if as_word(asked) in words:
        return words.index(as_word(asked))
    raise BriefError(
        f"The target {target!r} has no class {asked!r} to be the positive one.",
        nearest(str(asked), map(str, labels)),
    )


def as_word(label: object) -> str:
    """Return a label as a person would write it: lower case, whole numbers without a fraction.

    Examples
    --------
    >>> as_word(1.0), as_word(" Yes")
    ('1', 'yes')
    """
    whole = isinstance(label, float) and label.is_integer()
    return f"{label:.0f}" if whole else str(label).strip().casefold()
