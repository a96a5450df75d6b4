"""The delivery: what waits in the outbox is sent, and later again when that failed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from modelwright.errors import ServiceError
from modelwright.maintain.messages.base import Channel, Message, Surroundings
from modelwright.workspace.outbox import Outbox, Waiting

PAUSES_S = (1.0, 4.0)
"""Pauses between attempts at the same message within one delivery."""


@dataclass(frozen=True)
class Post:
    """Who brings messages to their channels.

    Parameters
    ----------
    channels
        By name.
    surroundings
        The folder and the environment.
    target
        What the model predicts.
    clock
        Tells the time, with its zone.
    sleep
        Waits for some seconds.
    pauses_s
        Between attempts at the same message.
    """

    channels: Mapping[str, Channel]
    surroundings: Surroundings
    target: str
    clock: Callable[[], datetime]
    sleep: Callable[[float], object]
    pauses_s: Sequence[float] = PAUSES_S

    def deliver(self, outbox: Outbox, *, report: Callable[[str], None]) -> None:
        """Send what waits and is due; what is not taken waits on, with the reason.

        A channel that has failed is left alone until the next delivery.

        Parameters
        ----------
        outbox
            Holds the messages.
        report
            Told what could not be sent, a sentence at a time.
        """
        failed: list[str] = []
        while waiting := outbox.take(self.clock(), without=failed):
            error = self._try(waiting)
            if error:
                outbox.failed(waiting, error, at=self.clock())
                failed.append(waiting.channel)
                report(f"The message to {waiting.channel!r} waits: {error}")
            else:
                outbox.sent(waiting, at=self.clock())
                report(f"{waiting.channel!r} was told of {_numbers(waiting)}")

    def test(self, name: str) -> str:
        """Send a test over a channel, and return why it was not taken; empty when it was."""
        now = self.clock()
        try:
            self.channels[name].send(
                self._message(f"test-{now:%Y%m%d%H%M%S%f}", now), self.surroundings
            )
        except ServiceError as error:
            return str(error)
        return ""

    def _try(self, waiting: Waiting) -> str:
        channel = self.channels.get(waiting.channel)
        if channel is None:
            return f"modelwright.toml has no [messages.{waiting.channel}] any more."
        message = self._message(waiting.id, waiting.made_at, waiting)
        error = ""
        for pause in (0.0, *self.pauses_s):
            if pause:
                self.sleep(pause)
            try:
                channel.send(message, self.surroundings)
            except ServiceError as fault:
                error = str(fault)
            else:
                return ""
        return error

    def _message(self, identifier: str, at: datetime, waiting: Waiting | None = None) -> Message:
        return Message(
            id=identifier,
            made_at=at.isoformat(),
            workspace=self.surroundings.folder.resolve().name,
            target=self.target,
            alarms=waiting.alarms if waiting else (),
        )


def _numbers(waiting: Waiting) -> str:
    numbers = [str(alarm.number) for alarm in waiting.alarms]
    return f"alarm {numbers[0]}" if len(numbers) == 1 else f"alarms {', '.join(numbers)}"
