"""Calls on many rows as lines of a language."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from textwrap import wrap

from modelwright.predictor.emitters.array_calls import ArrayCall

_EQUALS = "\0=\0"


@dataclass(frozen=True, kw_only=True)
class CallStyle:
    """How a language writes a call.

    Parameters
    ----------
    begin
        What comes before the arguments, with ``{writes}`` and ``{function}``.
    named
        An argument with ``{name}`` and ``{value}``.
    values, numbers
        A list of values, and one of numbers, with ``{}``.
    literal
        Writes a number.
    indent
        Of each line.
    width
        Of a line, at most, unless an argument is longer.
    """

    begin: str
    named: str
    values: str
    numbers: str
    literal: Callable[[object], str]
    indent: str
    width: int = 96

    def write(self, call: ArrayCall) -> str:
        """Return a call as a line, or as several where it would be too long."""
        begin = self.indent + self.begin.format(writes=call.writes, function=call.function)
        arguments = ", ".join(self._arguments(call))
        line = f"{begin}{arguments})"
        if len(line) <= self.width:
            return line
        inside = 2 * self.indent
        # A name stays beside its value.
        wrapped = wrap(
            arguments.replace(" = ", _EQUALS),
            self.width,
            initial_indent=inside,
            subsequent_indent=inside,
            break_long_words=False,
            break_on_hyphens=False,
        )
        return "\n".join([begin, *wrapped, f"{self.indent})"]).replace(_EQUALS, " = ")

    def _arguments(self, call: ArrayCall) -> Iterator[str]:
        reads = ", ".join(call.reads)
        yield self.values.format(reads) if call.many else reads
        if call.function == "blend":
            yield self.numbers.format(", ".join(self.literal(value) for _, value in call.named))
        else:
            for name, value in call.named:
                yield self.named.format(name=name, value=self.literal(value))
