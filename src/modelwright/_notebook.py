"""Values that notebooks show as HTML: how they are told is known further up, and found by name."""

from importlib import import_module


def html_of(value: object) -> str:
    """Return a value as HTML for a notebook.

    Parameters
    ----------
    value
        A document, a program or a model.

    Examples
    --------
    >>> from modelwright.predictor.program import Input
    >>> html_of(Input(name="size", type="number"))
    Traceback (most recent call last):
    ...
    TypeError: A notebook shows documents, programs and models, not Input.
    """
    # As `modelwright` itself finds its public names: who only predicts must not load reports.
    return str(import_module("modelwright.report.notebook").show(value))
