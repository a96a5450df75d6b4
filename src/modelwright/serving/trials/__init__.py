"""A challenger beside the champion.

- `lineup`: champion and challenger
- `canary`: the challenger answers a share of the rows
- `shadow`: a challenger that nobody hears
- `shadowing`: its process
- `breaker`: when a model on trial must go
"""
