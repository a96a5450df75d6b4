"""What is new and what lasts, told before what all rows together say."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from modelwright.documents import Cause, Health
from modelwright.maintain.watch.known import Known
from modelwright.maintain.watch.state import News, Told
from modelwright.maintain.watch.watch import Watch
from modelwright.report.words import listed

_VAGUE = ("wait for labels", "call a person")
"""What is said of drift that nobody knows the harm of."""


def told_together(alone: Health, told: Told, watch: Watch) -> Health:
    """Return what the watch has told and what lasts, before what all rows together say.

    Parameters
    ----------
    alone
        What all rows together say.
    told
        What the last windows were alarmed for.
    watch
        It knows what lasts.
    """
    news = told.news
    if told.is_first:
        # Nobody watched while it was so: how it stands today is what counts.
        over = [each for each in news if not any(_lasts(watch, cause) for cause in each.causes)]
        news = tuple(each for each in news if each not in over)
        alone = _with_bygones(alone, over)
    lasting = [each for each in watch.known if not each.is_accepted]
    lasting.sort(key=lambda each: not each.is_broken)
    causes = [cause for verdict in news for cause in verdict.causes]
    causes += [_cause(each) for each in lasting if not any(map(each.is_about, causes))]
    if causes:
        first = news[0] if news else None
        more = tuple(each for each in alone.causes if not any(_same(each, one) for one in causes))
        return msgspec.structs.replace(
            alone,
            healthy=False,
            action=first.action if first else lasting[0].action,
            sentence=first.sentence if first else causes[0].sentence,
            causes=(*causes, *more),
        )
    if not told.is_first and alone.action in _VAGUE:
        # How all rows lie beside training was told when it was new.
        calm = f"Nothing changed since the last run. {alone.sentence}"
        return msgspec.structs.replace(alone, healthy=True, action="keep", sentence=calm, causes=())
    return alone


def with_causes(health: Health, causes: Sequence[Cause]) -> Health:
    """Return a health that names more causes, after those that it has."""
    if not causes:
        return health
    if not health.healthy:
        return msgspec.structs.replace(health, causes=(*health.causes, *causes))
    return msgspec.structs.replace(
        health,
        healthy=False,
        action="fix input",
        sentence=causes[0].sentence,
        causes=(*health.causes, *causes),
    )


def _with_bygones(health: Health, over: Sequence[News]) -> Health:
    """Return the health that says what came and went in its rows."""
    if not over:
        return health
    first = [each.causes[0] for each in over]
    said = listed(list(dict.fromkeys(map(_briefly, first))), most=3)
    return msgspec.structs.replace(
        health, sentence=f"{health.sentence} In these rows came and went: {said}."
    )


def _briefly(cause: Cause) -> str:
    columns = " and ".join(map(repr, cause.columns))
    return f"{columns} ({cause.kind})" if columns else cause.kind


def _lasts(watch: Watch, cause: Cause) -> bool:
    return any(known.is_about(cause) for known in watch.known)


def _cause(known: Known) -> Cause:
    since = f" So since {_moment(known.since)}." if known.since else ""
    return Cause(kind=known.kind, columns=known.columns, sentence=f"{known.sentence}{since}")


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _same(one: Cause, other: Cause) -> bool:
    return (one.kind, one.columns) == (other.kind, other.columns)
