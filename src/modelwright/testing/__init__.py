"""Contract tests for whoever adds to modelwright.

Each `check_` function raises AssertionError with a sentence where an extension breaks what the
rest of the house relies on. Call it from a test of your own.

- `examples`: made-up rows and a small bundle, with every kind of column
- `sources`, `checks`, `metrics`, `learners`, `features`, `crews`, `emitters`, `targets`, `faults`,
  `remedies`, `detectors`: their contracts
"""

from modelwright.testing.checks import check_check
from modelwright.testing.crews import check_crew
from modelwright.testing.detectors import check_detector, look_at_last
from modelwright.testing.emitters import check_emitter
from modelwright.testing.examples import (
    EXAMPLE_RECORDS,
    EXAMPLE_SCHEMA,
    example_bundle,
    example_rows,
    hostile_columns,
)
from modelwright.testing.faults import check_fault, example_scene
from modelwright.testing.features import check_feature
from modelwright.testing.learners import check_learner
from modelwright.testing.metrics import check_metric
from modelwright.testing.remedies import check_remedy, example_situations
from modelwright.testing.sources import check_source
from modelwright.testing.targets import check_target

__all__ = [
    "EXAMPLE_RECORDS",
    "EXAMPLE_SCHEMA",
    "check_check",
    "check_crew",
    "check_detector",
    "check_emitter",
    "check_fault",
    "check_feature",
    "check_learner",
    "check_metric",
    "check_remedy",
    "check_source",
    "check_target",
    "example_bundle",
    "example_rows",
    "example_scene",
    "example_situations",
    "hostile_columns",
    "look_at_last",
]
