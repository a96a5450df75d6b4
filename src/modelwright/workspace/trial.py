"""How a challenger is tried beside the champion."""

import hashlib
from typing import Literal

import msgspec

from modelwright.errors import InputError

Role = Literal["shadow", "canary"]
_WHOLE = 2**64


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """How a challenger is tried beside the champion.

    Parameters
    ----------
    role
        ``"shadow"``: it answers the rows that the champion has answered, and nobody gets its
        answers. ``"canary"``: it answers a share of the rows in the champion's stead.
    share
        Of a canary: the part of the rows that it answers.
    key
        Of a canary: the column by whose value rows are shared out, so that a customer always has
        the same model; empty to share them out by the id of the request.
    former
        Whether it was champion before, and becomes it again when it proves the better one.
    live
        Of a shadow: whether the server lets it answer by itself. Otherwise it needs columns that
        clients do not send yet, and answers when a table with them is given.
    since
        In microseconds since 1970 in UTC: from this moment on rows count for the comparison. The
        challenger may have learned from earlier ones.

    Raises
    ------
    InputError
        When a canary would get no rows, or all.

    Examples
    --------
    >>> trial = Trial(role="canary", share=0.5, key="customer")
    >>> [trial.takes(f"customer {number}", salt="a1") for number in range(5)]
    [True, False, True, True, True]
    """

    role: Role
    share: float = 1.0
    key: str = ""
    former: bool = False
    live: bool = True
    since: int = 0

    def __post_init__(self) -> None:
        if self.role == "canary" and not 0.0 < self.share < 1.0:
            raise InputError(
                f"A canary cannot answer {self.share:.0%} of the rows.",
                "Give it a share such as 10%; when it shall answer all, promote it.",
            )

    def takes(self, name: str, *, salt: str) -> bool:
        """Say whether a canary answers: always the same for the same name.

        Parameters
        ----------
        name
            Of the request, or the value of the key column.
        salt
            The challenger's hash, so that another challenger gets other rows.
        """
        digest = hashlib.blake2b(name.encode(), key=salt.encode()[:64], digest_size=8).digest()
        return int.from_bytes(digest) < self.share * _WHOLE

    @property
    def sentence(self) -> str:
        """Return it in words.

        Examples
        --------
        >>> Trial(role="canary", share=0.1, key="customer").sentence
        "canary, 10% of the values of 'customer'"
        """
        if self.role == "shadow":
            how = ", the champion before" if self.former else ""
            return f"shadow{how}{'' if self.live else ', by tables'}"
        of = f"values of {self.key!r}" if self.key else "rows"
        return f"canary, {100 * self.share:.4g}% of the {of}"


def parse_share(text: str) -> float:
    """Return a share of traffic.

    Raises
    ------
    InputError
        When it is none.

    Examples
    --------
    >>> parse_share("10%"), parse_share("0.25")
    (0.1, 0.25)
    """
    try:
        share = float(text.removesuffix("%"))
    except ValueError as error:
        raise InputError(f"{text!r:.40} is no share.", "Write 10% or 0.1.") from error
    return share / 100.0 if text.endswith("%") else share
