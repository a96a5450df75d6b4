"""A challenger beside the champion.

- `lineup`: champion and challenger
- `canary`: the challenger answers a share of the rows
- `shadow`: a challenger that nobody hears
- `shadowing`: its process
- `breaker`, `side_by_side`: when a model on trial must go; which of two takes longer
"""
