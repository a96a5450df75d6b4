"""A file: each message is a line of JSON at its end."""

import msgspec

from modelwright.errors import ServiceError
from modelwright.maintain.messages.base import Message, Surroundings
from modelwright.maintain.messages.wording import subject_of


class File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file that grows by a line for each message.

    Parameters
    ----------
    path
        Where; a relative one begins at the workspace.
    """

    path: str

    def send(self, message: Message, surroundings: Surroundings) -> None:
        """Write a message at the end.

        Raises
        ------
        ServiceError
            When the file cannot be written.
        """
        path = surroundings.folder / self.path
        told = {"subject": subject_of(message), **msgspec.to_builtins(message)}
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # One write of one line: other processes may write there too.
            with path.open("ab", buffering=0) as file:
                file.write(msgspec.json.encode(told) + b"\n")
        except OSError as error:
            raise ServiceError(f"{path} cannot be written: {error.strerror}.") from error
