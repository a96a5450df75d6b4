"""In which language a report speaks: its messages, and how it writes numbers and dates.

The messages of a language are one file in `report/messages`. What comes from the data or from a
document (names of columns, of gates) is quoted as it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

import msgspec

from modelwright._plugins import named
from modelwright.report.words import clip, ends, ends_of_100, moment, value
from modelwright.tasks.interval import Interval

_MARKS = {"en": (",", "."), "de": (".", ","), "zh": (",", ".")}
"""What groups thousands, and the decimal point."""


@dataclass(frozen=True)
class Voice:
    """A language.

    Parameters
    ----------
    language
        Its code, as in HTML.
    messages
        By key; braces hold what is filled in.
    group, point
        The marks of its numbers.
    """

    language: str
    messages: Mapping[str, str]
    group: str
    point: str

    def say(self, key: str, **filled: object) -> str:
        """Return a message with its blanks filled in.

        Examples
        --------
        >>> ENGLISH.say("hundred.found_beside", found="4", positives="9")
        '4 of 9.'
        """
        return self.messages[key].format(**filled)

    def figure(self, text: str) -> str:
        """Write a number, as `words` writes it, with the marks of this language.

        Examples
        --------
        >>> voice_of("de").figure("-1,234.5")
        '-1.234,5'
        """
        return text.translate(str.maketrans(",.", self.group + self.point))

    def count(self, number: int) -> str:
        """Write a whole number.

        Examples
        --------
        >>> voice_of("de").count(28618)
        '28.618'
        """
        return self.figure(f"{number:,}")

    def ends(self, score: Interval) -> str:
        """Write where an interval begins and ends.

        Examples
        --------
        >>> voice_of("de").ends(Interval(value=0.5, low=0.4, high=0.62, method="bootstrap"))
        '0,40 bis 0,62'
        """
        return self._range(ends(score))

    def ends_of_100(self, share: Interval) -> str:
        """Write where the interval of a share begins and ends, as so many of a hundred.

        Examples
        --------
        >>> voice_of("de").ends_of_100(Interval(value=0.9, low=0.81, high=0.994, method="wilson"))
        '81 bis 99,4'
        """
        return self._range(ends_of_100(share))

    def interval(self, score: Interval) -> str:
        """Write a score with its interval.

        Examples
        --------
        >>> ENGLISH.interval(Interval(value=0.5, low=0.4, high=0.62, method="bootstrap"))
        '0.50 (0.40 to 0.62)'
        """
        return f"{self.figure(value(score))} ({self.ends(score)})"

    def quoted(self, text: str) -> str:
        """Put a name of the data into the marks of this language."""
        return self.say("quoted", text=text)

    def listed(self, names: Sequence[str], most: int = 6) -> str:
        """List names, and say how many more there are.

        Examples
        --------
        >>> voice_of("de").listed(["a", "b", "c"])
        'a, b und c'
        """
        shown = [clip(name) for name in names[:most]]
        if len(names) > most:
            shown.append(self.say("more", count=self.count(len(names) - most)))
        return self.say("and").join([self.say("comma").join(shown[:-1]), shown[-1]][-len(shown) :])

    def day(self, text: str) -> str:
        """Write the day of an ISO 8601 moment; a number is rounded, another text stays as it is.

        Examples
        --------
        >>> voice_of("de").day("2013-10-05T08:00:00"), voice_of("zh").day("2013-10-05")
        ('5. Oktober 2013', '2013年10月5日')
        """
        try:
            day = datetime.fromisoformat(text)
        except ValueError:
            return clip(moment(text))
        month = self.say("months").split(", ")[day.month - 1]
        return self.say("date", day=day.day, month=month, year=day.year)

    def _range(self, told: str) -> str:
        low, high = told.split(" to ")
        return self.say("range", low=self.figure(low), high=self.figure(high))


@cache
def voice_of(language: str) -> Voice:
    """Return the voice of a language.

    Raises
    ------
    InputError
        With the languages that there are.

    Examples
    --------
    >>> voice_of("zh").say("language")
    '中文'
    """
    group, point = named(language, _MARKS, "language of reports")
    path = files("modelwright.report") / "messages" / f"{language}.json"
    messages = msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    return Voice(language, messages, group, point)


LANGUAGES = tuple(_MARKS)
"""The codes of all languages."""
ENGLISH = voice_of("en")
