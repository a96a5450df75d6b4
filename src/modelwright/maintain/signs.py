"""The signs: what a health document has to say that is worth an alarm."""

from modelwright.documents import Health
from modelwright.workspace.alarm import Sign


def signs_of(health: Health) -> tuple[Sign, ...] | None:
    """Return the troubles that a judgement found, a cause each.

    Returns
    -------
    tuple of Sign, optional
        Empty when the model is healthy; None when there was no row to judge.
    """
    if not health.rows:
        return None
    if health.healthy:
        return ()
    found = tuple(
        Sign(
            kind=cause.kind,
            columns=cause.columns,
            sentence=cause.sentence,
            action=health.action,
            is_worse=cause.is_worse,
        )
        for cause in health.causes
    )
    return found or (Sign(kind=health.action, sentence=health.sentence, action=health.action),)
