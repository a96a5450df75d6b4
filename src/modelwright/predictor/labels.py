"""A class as a text, where JSON or a report needs one: names of fields, levels of a count."""

import msgspec

from modelwright.tasks.task import Label


def label_text(label: Label) -> str:
    """Write a class as text: a text as it is, anything else as JSON writes it.

    Examples
    --------
    >>> label_text("yes"), label_text(True), label_text(3)
    ('yes', 'true', '3')
    """
    return label if isinstance(label, str) else msgspec.json.encode(label).decode()
