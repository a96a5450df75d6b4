"""What every document has."""

from typing import ClassVar

import msgspec

from modelwright._notebook import html_of

FORM_VERSION = 1


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """What every document has."""

    file_name: ClassVar[str]

    made_at: str = ""
    """When it was written: ISO 8601, UTC."""
    made_from: str = ""
    """Hash of what it was made from: it is made again when that changes."""
    form_version: int = FORM_VERSION

    def _repr_html_(self) -> str:
        """Return the document as a notebook shows it."""
        return html_of(self)
