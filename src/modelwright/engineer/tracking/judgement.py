"""A judgement of the live model as metrics."""

from modelwright.documents import Health
from modelwright.engineer.tracking.run import finite, moment_ms, spread_of
from modelwright.engineer.tracking.story import Measured


def measured_of(health: Health) -> Measured:
    """Return what a judgement measured, at the end of its window.

    Parameters
    ----------
    health
        The document.
    """
    return Measured(
        metrics=finite(
            {
                **spread_of(f"live.{health.metric}", health.realised),
                "live.rows": health.rows,
                "live.labelled": health.labelled,
                "live.healthy": float(health.healthy),
                "live.broken_rules": len(health.broken_rules),
                "live.drifted": sum(each.verdict == "alarm" for each in health.drift),
            }
        ),
        at_ms=moment_ms(health.until or health.made_at),
    )
