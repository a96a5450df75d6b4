"""What a person may choose about a folder: `--set KEY=VALUE`."""

import re
from collections.abc import Iterable

import msgspec

from modelwright.errors import InputError, nearest
from modelwright.predictor.bundle import Bundle

_LABEL_LENGTHS = (3, 32)
"""What every host takes."""


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What a person may choose; every target reads what concerns it.

    Each value ends up in configuration of the host, so none may hold more than plain words.

    Parameters
    ----------
    name
        Of the service, a DNS label; the model's when empty.
    image
        Of the container; the service's name and the model's version when empty.
    port
        The server listens on.
    replicas
        How many servers run side by side where the host can run several.
    memory_mb
        The most memory of one server, in mebibytes; what the bundle needs when 0.
    cpus
        The most processors of one server.
    base
        The image that the container is built on, with its digest; the usual one by its tag when
        empty.
    role
        What SageMaker, Lambda and Cloud Run run the model as: the ARN of a role, or a service
        account. Empty, Amazon's targets make a role, and Google takes the project's own account.
    dialect
        The database that the target `sql` writes a view for.
    """

    name: str = ""
    image: str = ""
    port: int = 8080
    replicas: int = 2
    memory_mb: int = 0
    cpus: int = 1
    base: str = ""
    role: str = ""
    dialect: str = "duckdb"

    def service(self, bundle: Bundle) -> str:
        """Return the service's name."""
        return self.name or _label(bundle.name)

    def image_of(self, bundle: Bundle) -> str:
        """Return the image's name with its tag."""
        return self.image or f"{self.service(bundle)}:{bundle.hash[:12]}"


_NUMBERS = {
    "port": (1024, 65535),
    "replicas": (1, 1000),
    "memory_mb": (128, 1 << 20),
    "cpus": (1, 1000),
}
_TEXTS = {
    "name": r"[a-z][a-z0-9-]{0,38}[a-z0-9]",
    "image": r"[a-z0-9][a-z0-9._/:@-]{0,254}",
    "base": r"[a-z0-9][a-z0-9._/:-]{0,180}@sha256:[0-9a-f]{64}",
    "dialect": r"postgresql|duckdb|sqlite|mysql",
    "role": r"[A-Za-z0-9][A-Za-z0-9._/:@+=,-]{0,254}",
}


def options_from(pairs: Iterable[str]) -> Options:
    """Read options as the command line gives them.

    Parameters
    ----------
    pairs
        Each ``key=value``.

    Raises
    ------
    InputError
        When a key is unknown or its value is not of its kind.

    Examples
    --------
    >>> options_from(["port=9000", "name=churn"]).port
    9000
    >>> options_from(["prot=9000"])
    Traceback (most recent call last):
    ...
    modelwright.errors.InputError: There is no option 'prot'. Did you mean 'port'?
    """
    chosen: dict[str, str | int] = {}
    for pair in pairs:
        key, _, value = pair.partition("=")
        if key not in _NUMBERS and key not in _TEXTS:
            raise InputError(
                f"There is no option {key!r}.", nearest(key, Options.__struct_fields__)
            )
        chosen[key] = _number(key, value) if key in _NUMBERS else _text(key, value)
    return msgspec.convert(chosen, Options)


def _number(key: str, value: str) -> int:
    low, high = _NUMBERS[key]
    if not re.fullmatch(r"[0-9]{1,9}", value) or not low <= int(value) <= high:
        raise InputError(f"{key} is {value!r}.", f"Give a whole number from {low} to {high:,}.")
    return int(value)


def _text(key: str, value: str) -> str:
    if not re.fullmatch(_TEXTS[key], value):
        raise InputError(f"{key} is {value!r}.", f"Give one that matches {_TEXTS[key]}")
    return value


def _label(name: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    shortest, longest = _LABEL_LENGTHS
    fits = plain[:1].isalpha() and len(plain) >= shortest
    return (plain if fits else f"model-{plain}")[:longest].strip("-")
