"""The webhook: a message as JSON to a URL, in the form that Slack and its like take."""

import http.client
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from modelwright.errors import ServiceError
from modelwright.maintain.messages.base import PATIENCE_S, Message, Surroundings, check_variable
from modelwright.maintain.messages.wording import lines_of, subject_of


class Webhook(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A URL that takes messages.

    Parameters
    ----------
    url_from
        The environment variable that holds the URL, which is a secret.
    form
        ``"slack"`` for an object with a text, which Mattermost, Rocket.Chat and Discord take too;
        ``"json"`` for the message with its alarms.
    """

    url_from: str
    form: Literal["slack", "json"] = "slack"

    def __post_init__(self) -> None:
        check_variable(self.url_from, "url_from")

    def send(self, message: Message, surroundings: Surroundings) -> None:
        """Post a message.

        Raises
        ------
        ServiceError
            When the URL cannot be reached or answers with anything but 2xx.
        """
        url = surroundings.secret(self.url_from)
        host = _host_of(url, self.url_from)
        request = urllib.request.Request(
            url,
            data=msgspec.json.encode(_FORMS[self.form](message)),
            headers={
                "Content-Type": "application/json",
                "User-Agent": "modelwright",
                "Idempotency-Key": message.id,
            },
        )
        # What is said of a fault names the host alone: the rest of the URL is the secret.
        try:
            with _OPENER.open(request, timeout=PATIENCE_S):
                pass
        except urllib.error.HTTPError as error:
            error.close()
            raise ServiceError(f"{host} answered {error.code} to the message.") from None
        except urllib.error.URLError as error:
            raise ServiceError(f"{host} cannot be reached: {_reason(error.reason)}.") from None
        except (OSError, http.client.HTTPException) as error:
            raise ServiceError(f"{host} did not answer: {type(error).__name__}.") from None


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A message is told to the one host that was named."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirects())


def _host_of(url: str, variable: str) -> str:
    try:
        parts = urlsplit(url)
        scheme, host = parts.scheme, parts.hostname
    except ValueError:
        scheme, host = "", None
    if scheme not in ("http", "https") or not host or not url.isascii() or " " in url:
        raise ServiceError(
            f"The environment variable {variable} holds no URL of a webhook.",
            "It should begin with https:// and a host.",
        )
    return host


def _reason(reason: object) -> str:
    return (getattr(reason, "strerror", None) or type(reason).__name__).rstrip(".")


def _as_slack(message: Message) -> dict[str, str]:
    body = "\n".join(_escaped(line) for line in lines_of(message))
    return {"text": f"*{_escaped(subject_of(message))}*\n{body}"}


def _escaped(text: str) -> str:
    # So Slack shows these, and nobody is called by a column named <!channel>.
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _as_json(message: Message) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(message)
    return {"subject": subject_of(message), "text": "\n".join(lines_of(message)), **told}


_FORMS: dict[str, Callable[[Message], Any]] = {"slack": _as_slack, "json": _as_json}
