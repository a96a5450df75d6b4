"""What a message is, and what a channel is that takes it to people.

A channel is a frozen value, made of a table `[messages.NAME]` of `modelwright.toml`. `send` is
called once for each attempt, under the lock of the workspace; it returns when the other side has
taken the message, and raises ServiceError with a sentence, without any secret, when it has not. It
waits for nothing longer than `PATIENCE_S`. A message may come twice after a kill: it then has the
same `id`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import msgspec

from modelwright.errors import BriefError, ServiceError
from modelwright.workspace.alarm import Alarm

PATIENCE_S = 10.0
"""How long a channel waits for the other side."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What people are told.

    Parameters
    ----------
    id
        Names it: one that comes twice has the same.
    made_at
        ISO 8601, UTC.
    workspace
        The name of the folder.
    target
        What the model predicts.
    alarms
        As they were then; empty for a test.
    """

    id: str
    made_at: str
    workspace: str
    target: str
    alarms: tuple[Alarm, ...] = ()


@dataclass(frozen=True)
class Surroundings:
    """What a channel needs from where it runs.

    Parameters
    ----------
    folder
        The workspace: a relative path begins there.
    environment
        Variables, of which some hold secrets.
    """

    folder: Path
    environment: Mapping[str, str]

    def secret(self, variable: str) -> str:
        """Return what a variable holds.

        Raises
        ------
        ServiceError
            When it is not set.
        """
        value = self.environment.get(variable, "").strip()
        if not value:
            raise ServiceError(f"The environment variable {variable} is not set.", "Set it.")
        return value


class Channel(Protocol):
    """A way to people."""

    def send(self, message: Message, surroundings: Surroundings) -> None:
        """Hand a message over.

        Raises
        ------
        ServiceError
            When the other side has not taken it.
        """


def check_variable(name: str, key: str) -> None:
    """Refuse what is no name of an environment variable, without showing it: it may be a secret.

    Examples
    --------
    >>> check_variable("https://hooks.example.org/T0/s3cret", "url_from")
    Traceback (most recent call last):
    ...
    modelwright.errors.BriefError: `url_from` in [messages] holds no name of an environment
    variable. Put the secret into a variable, and name it here: SLACK_URL.
    """
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name, re.ASCII):
        raise BriefError(
            f"`{key}` in [messages] holds no name of an environment variable.",
            "Put the secret into a variable, and name it here: SLACK_URL.",
        )
