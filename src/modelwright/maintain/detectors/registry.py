"""Detectors by name."""

from modelwright._plugins import registered
from modelwright.maintain.detectors.base import Detector
from modelwright.maintain.detectors.clock import find_shifted_clock
from modelwright.maintain.detectors.contract import find_broken_contract
from modelwright.maintain.detectors.label_flow import find_late_labels
from modelwright.maintain.detectors.levels import find_new_levels
from modelwright.maintain.detectors.misleading import find_misleading
from modelwright.maintain.detectors.missing import find_missing
from modelwright.maintain.detectors.mix import find_other_mix
from modelwright.maintain.detectors.mixed_up import find_mixed_up
from modelwright.maintain.detectors.relation import find_other_relation
from modelwright.maintain.detectors.repeated import find_repeated
from modelwright.maintain.detectors.stale import find_stale
from modelwright.maintain.detectors.stuck import find_stuck
from modelwright.maintain.detectors.swapped import find_swapped
from modelwright.maintain.detectors.units import find_other_units

DETECTORS: dict[str, Detector] = {
    "swapped columns": find_swapped,
    "unit change": find_other_units,
    "stuck values": find_stuck,
    "missing values": find_missing,
    "new levels": find_new_levels,
    "repeated rows": find_repeated,
    "shifted clock": find_shifted_clock,
    "stale rows": find_stale,
    "mixed-up rows": find_mixed_up,
    "late labels": find_late_labels,
    "broken rules": find_broken_contract,
    "misleading columns": find_misleading,
    "another relation": find_other_relation,
    "another mix": find_other_mix,
}
"""The detectors that come with modelwright; of equal evidence the earlier one is believed."""


def known_detectors() -> dict[str, Detector]:
    """Return every detector by name: those of modelwright, and those that packages registered.

    Examples
    --------
    >>> "stuck values" in known_detectors()
    True
    """
    return DETECTORS | registered("detectors")
