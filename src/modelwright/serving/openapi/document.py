"""The description of a model's server."""

from collections.abc import Sequence

from modelwright.data.schema import Column
from modelwright.predictor.bundle import Bundle
from modelwright.serving.container import VertexRoutes
from modelwright.serving.limits import Limits
from modelwright.serving.openapi.examples import Examples
from modelwright.serving.openapi.inference import inference_paths, inference_schemas
from modelwright.serving.openapi.parts import (
    GET_ERRORS,
    PROBE_ERRORS,
    Json,
    answer,
    error_responses,
    get,
    object_of,
    reference,
)
from modelwright.serving.openapi.platforms import platform_paths, platform_schemas
from modelwright.serving.openapi.rows import row_paths, row_schemas
from modelwright.serving.protocols.protocol import model_version

_TEXT = {"type": "string"}


def describe(
    bundle: Bundle,
    limits: Limits,
    *,
    vertex: VertexRoutes | None = None,
    beside: Sequence[Column] = (),
) -> Json:
    """Return the description of a model's server.

    Parameters
    ----------
    bundle
        Its schema names the columns, its first cases are the examples.
    limits
        Of rows.
    vertex
        Where Vertex AI asks; None elsewhere.
    beside
        Columns that rows may have beside those of the schema: a database makes features of them.
    """
    examples = Examples(bundle)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": bundle.facts.question or f"Predict {bundle.facts.target}",
            "version": model_version(bundle),
        },
        "security": [{}, {"token": []}],
        "paths": {
            **row_paths(bundle, examples),
            **inference_paths(bundle, examples),
            **platform_paths(bundle, examples, vertex),
            **_about(),
        },
        "components": {
            "schemas": {
                **row_schemas(bundle, limits, beside),
                **inference_schemas(bundle, beside),
                **platform_schemas(bundle),
                "About": object_of(
                    {
                        **dict.fromkeys(("name", "model", "ledger", "features"), _TEXT),
                        "ready": {"type": "boolean"},
                    },
                    optional=("ledger", "features"),
                ),
                "Error": object_of({"error": _TEXT}),
            },
            "responses": error_responses(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _about() -> Json:
    about = answer("The model", reference("About"))
    counts = answer("Counts in the text format of Prometheus", _TEXT, media="text/plain")
    description = answer("This description", {"type": "object"})
    return {
        "/": get("about", "Which model answers", about, *PROBE_ERRORS),
        "/metrics": get("metrics", "What Prometheus reads", counts, *GET_ERRORS),
        "/openapi.json": get("openapi", "This description", description, *GET_ERRORS),
    }
