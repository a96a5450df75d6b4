"""What is shown, each picture with what it says and its table.

- `drawings`: the pictures of an evaluation; `figures`: pictures that are tables
- `coverage`: what ranges and sets promise, and what they kept
- `dependence`, `movements`, `robustness`: how answers follow a column, and what disturbs them
- `fairness`, `costs`: whom a model troubles, and what its answers cost
- `live_score`, `loss_split`, `retraining`: live rows, why a loss changed, how often to learn again
"""
