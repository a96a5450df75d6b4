"""The model: how old the release is, and what the last judgement said."""

from datetime import timedelta

from modelwright.engineer.checkup.base import Finding, Scene, ago, ill, unchecked, well

_STALE = timedelta(days=32)
"""A model that nobody has judged for so long is not watched."""


def check_model(scene: Scene) -> Finding:
    """Check that the released model was judged lately, and found healthy."""
    if scene.release is None or not scene.release.released:
        return unchecked("nothing is released", "Run: modelwright run")
    told = f"released{ago(scene.age(scene.release.made_at))}"
    if scene.health is None:
        return unchecked(f"{told}, and never judged on live rows", "Run: modelwright maintain")
    judged = scene.age(scene.health.made_at)
    days = f"judged{ago(judged)}"
    if not scene.health.healthy:
        return ill(f"{told}, {days}: {scene.health.sentence}", f"Do: {scene.health.action}")
    if judged is None or judged > _STALE:
        return ill(f"{told}, last {days}", "Run `modelwright maintain`, or --watch it")
    if not scene.health.rows:
        return unchecked(
            f"{told}, {days}, and nobody had asked it anything",
            "Ask the server something, and run: modelwright maintain",
        )
    return well(f"{told}, {days} on {scene.health.rows:,} rows: healthy")
