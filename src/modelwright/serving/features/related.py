"""Rows are given the features that are made of raw rows of related tables, sent beside them."""

import asyncio
from collections.abc import Sequence

from modelwright.data.relations.evaluate import Evaluator
from modelwright.errors import InputError
from modelwright.predictor.bundle import Bundle
from modelwright.serving.rows.record import Record, Related

_INLINE_RECORDS = 200
"""Up to so many rows the work takes less time than the way to another thread and back."""


class RelatedRows:
    """Makes features of related rows that a request has with it.

    Parameters
    ----------
    bundle
        Whose features are made.
    """

    def __init__(self, bundle: Bundle) -> None:
        self._names = frozenset(bundle.schema.names)
        self._evaluate = Evaluator(bundle.features) if bundle.features.features else None

    async def widen(self, rows: Sequence[Record], related: Related) -> Sequence[Record]:
        """Return rows with their features.

        Raises
        ------
        InputError
            When the model has none.
        """
        if self._evaluate is None:
            raise InputError("The model reads no related tables.", "Ask without 'related'.")
        sent = len(rows) + sum(len(each) for each in related.values())
        if sent <= _INLINE_RECORDS:
            made = self._evaluate(rows, related)
        else:
            made = await asyncio.to_thread(self._evaluate, rows, related)
        # What only says which related rows are meant is not read by the model.
        spare = self._evaluate.asks - self._names
        return [
            {name: value for name, value in row.items() if name not in spare} | values
            for row, values in zip(rows, made, strict=True)
        ]
