from msgspec.structs import replace

from modelwright.documents import Cause, Health
from modelwright.maintain.signs import signs_of

HEALTH = Health(
    bundle_hash="a1",
    target="returned",
    metric="log_loss",
    since="",
    until="",
    rows=500,
    labelled=0,
    contract_passed=True,
    broken_rules=(),
    drift=(),
    false_alarm_rate=0.01,
    realised=None,
    expected=None,
    healthy=False,
    action="fix input",
    sentence="'amount' is in cents.",
)


def test_each_cause_is_a_sign() -> None:
    causes = (
        Cause(kind="unit change", columns=("amount",), sentence="In cents."),
        Cause(kind="concept drift", sentence="Worse."),
    )
    first, second = signs_of(replace(HEALTH, causes=causes)) or ()
    assert (first.kind, first.columns, first.sentence) == ("unit change", ("amount",), "In cents.")
    assert (second.kind, second.action) == ("concept drift", "fix input")


def test_without_a_cause_the_action_is_the_sign() -> None:
    (sign,) = signs_of(HEALTH) or ()
    assert (sign.kind, sign.sentence) == ("fix input", "'amount' is in cents.")


def test_health_has_no_sign_and_no_rows_say_nothing() -> None:
    assert signs_of(replace(HEALTH, healthy=True)) == ()
    assert signs_of(replace(HEALTH, rows=0, healthy=True)) is None
