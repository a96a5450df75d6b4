"""The contract: how old it is, and whether live rows keep it."""

from datetime import UTC, datetime, timedelta

from modelwright.engineer.checkup.base import Finding, Scene, ill, unchecked, well
from modelwright.report.words import plural

_OLD = timedelta(days=365)
_FILE = "contract.yaml"


def check_contract(scene: Scene) -> Finding:
    """Check that the data contract is younger than a year, and was kept by the last rows."""
    path = scene.workspace.path / _FILE
    if not path.is_file():
        return unchecked(f"there is no {_FILE}", "Run: modelwright explore")
    age = scene.now - datetime.fromtimestamp(path.stat().st_mtime, UTC)
    told = f"{plural(age.days, 'day')} old" if age.days > 0 else "made today"
    health = scene.health
    if health is not None and not health.contract_passed:
        rules = len(health.broken_rules)
        broken = "a rule" if rules == 1 else f"{rules:,} rules"
        return ill(f"{told}; live rows break {broken}", "See: modelwright show health")
    if age > _OLD:
        return ill(told, "Agree on it again with whoever delivers the data: modelwright explore")
    kept = "" if health is None or not health.rows else ", and the rows judged last keep it"
    return well(f"{told}{kept}")
