"""Numbers that are written in pieces, as in "1h 20m", "€1.5M" and "8 GB": how one is read.

As in `cells`, the table reader and the record reader read by the same rules, and so do the models
that are written in Python and R: a pattern of named groups, and what each group counts for.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_CURRENCY = r"\$|€|£|¥"  # no set of characters, so that bytes may be matched too
_AMOUNT = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
_COMMA_AMOUNT = r"[0-9]+(?:,[0-9]+)?"
_MONEY = rf"(?:{_CURRENCY}|₽|₹|₺|EUR|USD|CHF|Fr\.|SFr\.|kr\.?|zł|Kč|Ft|TL)"
_BLANKS = "(?: |\u00a0|\u2009|\u202f)"
_MINUS = "(?:-|\u2212)"


@dataclass(frozen=True)
class Form:
    """A way to write a number.

    Parameters
    ----------
    example
        What it is called, as `Column.unit` has it.
    pattern
        With a named group for each piece that may be there.
    weights
        By group, what a one in it counts for.
    shift, divisor
        The number is the sum of all pieces and the shift, divided by this.
    said
        What the number is told as.
    comma
        What a comma in a piece is read as: nothing between thousands, a point before decimals.
    """

    example: str
    pattern: str
    weights: Mapping[str, float]
    shift: float = 0.0
    divisor: float = 1.0
    said: str = "numbers"
    comma: str = ""

    @property
    def is_tried_first(self) -> bool:
        """Whether a text that is a plain number as well is of this form: "2,196" is below three."""
        return self.comma == "."

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    def number_of(self, text: str) -> float | None:
        """Read a stripped text; None where it is of another form.

        Examples
        --------
        >>> FORMS["1h 20m"].number_of("2h 30m"), FORMS["(12)"].number_of("(1,250)")
        (2.5, -1250.0)
        >>> FORMS["1.5M"].number_of("€565K"), FORMS["1.5M"].number_of("many")
        (565000.0, None)
        """
        found = self._compiled.fullmatch(text)
        if found is None or not any(found.groups()):
            return None
        total = self.shift
        for group, weight in self.weights.items():
            total += weight * float((found[group] or "0").replace(",", self.comma))
        return total / self.divisor


def _pieces(**words: str) -> str:
    return "".join(
        rf"(?:(?P<{group}>{_NUMBER}) ?(?:{each})[, ]*)?" if group != "t" else each
        for group, each in words.items()
    )


_SPAN = Form(
    "1h 20m",
    "P?"
    + _pieces(
        d="[Dd]|days?|Tage?",
        t="T?",
        h=r"[Hh]|hrs?\.?|hours?|[Ss]td\.?",
        m=r"[Mm]|mins?\.?|minutes?|Min\.?",
        s=r"[Ss]|secs?\.?|seconds?|Sek\.?",
    ),
    {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0},
    divisor=3600.0,
    said="hours",
)
_MAGNITUDE = Form(
    "1.5M",
    rf"(?:(?:<|>|≤|≥)=? ?)?(?:{_CURRENCY})? ?(?:(?P<k>{_AMOUNT}) ?[Kk]"
    rf"|(?P<m>{_AMOUNT}) ?(?:M|m|mn|Mio\.?)"
    rf"|(?P<b>{_AMOUNT}) ?(?:B|b|bn|Mrd\.?)|(?P<l>{_AMOUNT}) ?(?:L|[Ll]a(?:c|kh)s?)"
    rf"|(?P<c>{_AMOUNT}) ?(?:Cr|[Cc]rores?)|(?P<n>{_AMOUNT}))\+?(?: ?(?:{_CURRENCY}))?",
    {"k": 1e3, "m": 1e6, "b": 1e9, "l": 1e5, "c": 1e7, "n": 1.0},
)
_ACCOUNTS = Form(
    "(12)",
    rf"(?:{_CURRENCY})? ?(?:(?P<p>{_AMOUNT})|{_MINUS}(?P<n>{_AMOUNT})|(?P<t>{_AMOUNT})-"
    rf"|\((?:{_CURRENCY})? ?(?P<b>{_AMOUNT})\))",
    {"p": 1.0, "n": -1.0, "t": -1.0, "b": -1.0},
    said="numbers, those in brackets or with the minus behind below zero",
)
_STORAGE = Form(
    "8 GB",
    rf"(?P<t>{_NUMBER}) ?(?:TB|TiB)|(?P<g>{_NUMBER}) ?(?:GB|GiB)|(?P<m>{_NUMBER}) ?(?:MB|MiB)"
    rf"|(?P<k>{_NUMBER}) ?(?:[Kk]B|KiB)|(?P<b>{_NUMBER}) ?(?:B|[Bb]ytes)",
    {"t": 1e6, "g": 1e3, "m": 1.0, "k": 1e-3, "b": 1e-6},
    said="megabytes",
)
_FIRST = Form(
    "12 ...",
    rf"(?P<n>{_AMOUNT})(?:[^0-9.,](?s:.*))?",
    {"n": 1.0},
    said="their first number; split the column to have the others read too",
)


_WAYS = (("p", 1.0), ("n", -1.0), ("t", -1.0))
_SIZES = (("r", 1e12), ("g", 1e9), ("m", 1e6), ("k", 1e3), ("u", 1.0), ("n", 1.0))


def _thousands(example: str, *, divided_by: str, point: str, said: str, comma: str = "") -> Form:
    """Return the form of amounts whose thousands are divided by other signs than a comma."""
    before, behind = f"(?:{_MONEY}{_BLANKS}?)?", f"(?:{_BLANKS}?(?:%|{_MONEY}))?"
    either = "|".join(
        sign + _divided(way, divided_by, point) + end
        for way, sign, end in (("p", r"\+?", ""), ("n", f"{_MINUS} ?", ""), ("t", "", "-"))
    )
    weights = {f"{way}{size}": one * of for way, one in _WAYS for size, of in _SIZES}
    return Form(example, f"{before}(?:{either}){behind}", weights, said=said, comma=comma)


def _divided(sign: str, by: str, point: str) -> str:
    def group(size: str, digits: str) -> str:
        return f"(?P<{sign}{size}>{digits})"

    few, decimals = "[0-9]{1,3}", f"(?:{point}[0-9]+)?"
    largest = f"(?:(?:{group('r', few)}{by})?{group('g', few)}{by})?"
    larger = f"(?:{largest}{group('m', few)}{by})?"
    divided = f"{larger}{group('k', few)}{by}{group('u', '[0-9]{3}' + decimals)}"
    return f"(?:{divided}|{group('n', '[0-9]+' + decimals)})"


_DECIMAL_COMMA = _thousands(
    "1.234,5",
    divided_by=f"(?:[.']|\u2019|{_BLANKS})",
    point=",",
    said="numbers with decimal commas",
    comma=".",
)
_SPACED = _thousands(
    "1 234.5",
    divided_by=f"(?:'|\u2019|{_BLANKS})",
    point=r"\.",
    said="numbers with spaced thousands",
)
_BETWEEN = r"(?:[^0-9.][^0-9]*?|\.[^0-9]+?)"
"""What stands between two numbers of a cell; its last bar may be the sign of the second."""
_COMMA_BETWEEN = r"(?:[^0-9,][^0-9]*?|,[^0-9]+?)"
_ORDINALS = ("1st", "2nd", "3rd", "4th", "5th", "6th")


def _place(passed: int, ordinal: str) -> Form:
    """Return the form that reads one number of several: all that stand before it are passed."""
    return Form(
        f"{ordinal} number",
        _place_pattern(passed, _AMOUNT, _BETWEEN),
        _SIGNED,
        said=f"numbers, the {ordinal} of several in a cell",
    )


def _comma_place(passed: int, ordinal: str) -> Form:
    """Return the form that reads one of several numbers with decimal commas."""
    return Form(
        f"{ordinal} comma number",
        _place_pattern(passed, _COMMA_AMOUNT, _COMMA_BETWEEN),
        _SIGNED,
        said=f"numbers with decimal commas, the {ordinal} of several in a cell",
        comma=".",
    )


def _place_pattern(passed: int, amount: str, between: str) -> str:
    before = f"(?:-?{amount}{between}){{{passed}}}" if passed else ""
    one = rf"(?:-(?P<n>{amount})|(?P<p>{amount}))"
    return rf"[^0-9]*?{before}{one}(?:[^0-9](?s:.*))?"


_SIGNED = {"n": -1.0, "p": 1.0}
_PLACES = tuple(_place(passed, ordinal) for passed, ordinal in enumerate(_ORDINALS))
_COMMA_PLACES = tuple(_comma_place(passed, ordinal) for passed, ordinal in enumerate(_ORDINALS))
_MET = (_SPAN, _MAGNITUDE, _ACCOUNTS, _STORAGE, _DECIMAL_COMMA, _SPACED, _FIRST)
FORMS = {form.example: form for form in (*_MET, *_PLACES, *_COMMA_PLACES)}
"""By what they are called."""
SINGLE = tuple(form.example for form in _MET)
"""Those of cells that hold one number."""
FIRST = _FIRST.example
"""That of cells with several, of which the first is read."""
PLACES = tuple(form.example for form in _PLACES)
"""Those of cells that hold several, in their order."""
COMMA_PLACES = tuple(form.example for form in _COMMA_PLACES)
"""Those of cells that hold several with decimal commas."""
