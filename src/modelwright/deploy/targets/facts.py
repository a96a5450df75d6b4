"""What templates are told."""

import shlex
from itertools import islice
from typing import Any

import msgspec

from modelwright._version import __version__
from modelwright.deploy.targets.base import Delivery
from modelwright.deploy.targets.libraries import lock_of, names_in
from modelwright.deploy.targets.memory import memory_mb
from modelwright.predictor.bundle import Bundle
from modelwright.tasks.figures import ranged

PYTHON = "3.11"
"""What the images run: the Python that the pinned requirements were tried on."""
BASE = f"python:{PYTHON}-slim-bookworm"
"""What images are built on where nobody names another, with its digest."""
_SHOWN_FIELDS = 12
"""Of the example: what is left out counts as missing."""


def facts_of(delivery: Delivery) -> dict[str, Any]:
    """Return what templates are told.

    Parameters
    ----------
    delivery
        What is written.
    """
    bundle, options = delivery.bundle, delivery.options
    return {
        "service": options.service(bundle),
        "image": options.image_of(bundle),
        "given_image": options.image,
        "model": bundle.name,
        "hash": bundle.hash,
        "short_hash": bundle.hash[:12],
        "question": bundle.facts.question or f"Predict {bundle.facts.target}",
        "target": bundle.facts.target,
        "task": bundle.program.task,
        "made_at": bundle.facts.made_at,
        "score": _score(bundle),
        "version": __version__,
        "python": PYTHON,
        "base": options.base or BASE,
        "pinned_base": bool(options.base),
        "port": options.port,
        "replicas": options.replicas,
        "memory_mb": memory_mb(delivery),
        "cpus": options.cpus,
        "role": options.role,
        "example": _example(bundle),
        "example_shell": shlex.quote(_example(bundle)),
        "requirements": len(names_in(lock_of(bundle).decode())),
    }


def _score(bundle: Bundle) -> str:
    score = bundle.facts.holdout_score
    if score is None:
        return ""
    return f"{bundle.facts.metric} {ranged(score)}"


def _example(bundle: Bundle) -> str:
    """Return a row that a client may send, as JSON: the first that was recorded."""
    record = bundle.cases[0].record if bundle.cases else {}
    shown = dict(islice(record.items(), _SHOWN_FIELDS))
    # A backtick could end the block of Markdown that it stands in.
    return msgspec.json.encode(shown).decode().replace("`", "\\u0060")
