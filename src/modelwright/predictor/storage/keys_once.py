"""Documents of a bundle: each key stands once, so that whoever reads them reads the same."""

import msgspec

from modelwright.data.json_keys import repeated_key
from modelwright.errors import BundleError


def require_keys_once(name: str, text: bytes, again: bytes = b"") -> None:
    """Refuse a document with a key that stands twice in one object.

    Parameters
    ----------
    name
        Of the document, for the message.
    text
        Sound JSON.
    again
        What was read of it, encoded: where both are the same, no key was lost, and nobody looks at
        each. That takes a tenth of the time.

    Raises
    ------
    BundleError
        With the key.

    Examples
    --------
    >>> require_keys_once("facts.json", b'{"a": 1, "b": [{"a": 2}]}')
    >>> require_keys_once("facts.json", b'{"a": 1, "a": 2}', b'{"a":2}')
    Traceback (most recent call last):
    ...
    modelwright.errors.BundleError: The bundle's facts.json is damaged: 'a' stands twice in ...
    """
    if msgspec.json.format(text, indent=-1) == again:
        return
    try:
        key = repeated_key(text)
    except (ValueError, RecursionError) as error:
        raise BundleError(f"The bundle's {name} is damaged: {error}.") from error
    if key is not None:
        raise BundleError(
            f"The bundle's {name} is damaged: {key!r:.80} stands twice in one object.",
            "Copy it again from where it was made.",
        )
