"""The engine alone, as scikit-learn estimators.

- `tables`: `TableClassifier` and `TableRegressor`
- `base`: what both share
- `reading`: X and y as scikit-learn gives them
"""

from modelwright.estimators.tables import TableClassifier, TableRegressor

__all__ = ["TableClassifier", "TableRegressor"]
