"""The channels by kind, and those that a brief names."""

from collections.abc import Mapping
from typing import Any

import msgspec

from modelwright.errors import BriefError, nearest
from modelwright.maintain.messages.base import Channel
from modelwright.maintain.messages.file import File
from modelwright.maintain.messages.mail import Mail
from modelwright.maintain.messages.webhook import Webhook

KINDS: dict[str, type[Webhook | Mail | File]] = {"webhook": Webhook, "mail": Mail, "file": File}
"""Every kind of channel by the name that `kind` takes."""


def channels_of(messages: Mapping[str, Mapping[str, Any]]) -> dict[str, Channel]:
    """Return the channels that a brief names.

    Parameters
    ----------
    messages
        The table `[messages]` of `modelwright.toml`: by name, each with a `kind`, which the name
        itself may be.

    Raises
    ------
    BriefError
        When a kind or a key is unknown, or a value is none that the key takes.

    Examples
    --------
    >>> channels_of({"team": {"kind": "webhook", "url_from": "SLACK_URL"}})
    {'team': Webhook(url_from='SLACK_URL', form='slack')}
    >>> channels_of({"mail": {"server": "smtp.example.org", "password": "s3cret"}})
    Traceback (most recent call last):
    ...
    modelwright.errors.BriefError: [messages.mail] has an unknown key 'password'. Did you mean
    'password_from'?
    """
    return {name: _channel(name, said) for name, said in messages.items()}


def _channel(name: str, said: Mapping[str, Any]) -> Channel:
    where = f"[messages.{name}]"
    if not isinstance(said, Mapping):
        raise BriefError(f"`messages` holds {name!r}, which is no table.", f"Write {where}.")
    kind = said.get("kind", name)
    if kind not in KINDS:
        raise BriefError(
            f"{where} is of the kind {kind!r}, which there is not.", nearest(str(kind), KINDS)
        )
    keys = {key: value for key, value in said.items() if key != "kind"}
    for key in keys:
        if key not in KINDS[kind].__struct_fields__:
            raise BriefError(
                f"{where} has an unknown key {key!r}.", nearest(key, KINDS[kind].__struct_fields__)
            )
    try:
        return msgspec.convert(keys, KINDS[kind])
    except msgspec.ValidationError as error:
        raise BriefError(f"{where} is not valid: {str(error).replace('`', chr(39))}.") from error
