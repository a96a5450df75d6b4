"""Why a row got its answer.

::

    POST /explain  {"age": 39, "job": "clerk"}
                -> {"answer": …, "value": …, "usual": …, "method": …,
                    "parts": [{"column": …, "adds": …}, …], …}

Values of recorded rows are not told: they are of other people.
"""

import asyncio
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from modelwright.errors import InputError
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.explanations.explanation import explain
from modelwright.serving.features.desk import FeatureDesk
from modelwright.serving.limits import Limits
from modelwright.serving.rows.record import Record
from modelwright.serving.wire.messages import decode_json, json_response, read_body

PATH = "/explain"


class Explaining:
    """The route that explains a row.

    Parameters
    ----------
    bundle
        What answers.
    limits
        Of bytes and of how deep JSON may be.
    desk
        Where features of related tables are asked for; None where the row has them.
    """

    def __init__(self, bundle: Bundle, limits: Limits, desk: FeatureDesk | None = None) -> None:
        self._bundle = bundle
        self._limits = limits
        self._desk = desk

    async def explain(self, request: Request) -> Response:
        """Explain the answer to a row."""
        sent = await read_body(request, self._limits.body_bytes)
        row: Record = decode_json(sent, dict[str, Any], depth=self._limits.depth)
        try:
            if self._desk is not None:
                (row,) = await self._desk.widen([row])
            # Thousands of rows are answered for one explanation: other requests go on meanwhile.
            found = await asyncio.to_thread(explain, self._bundle, row)
        except InputError as error:
            raise HTTPException(422, str(error)) from error
        return json_response(
            {
                "answer": found.answer,
                "of": found.of,
                "value": found.value,
                "usual": found.usual,
                "method": found.method,
                "parts": found.parts,
                "unlike": found.unlike,
                "model": self._bundle.hash,
            }
        )
