"""How linear forms are learned.

- `encoding`: the matrix that suits lines; `splines`, `week_hours`: curves and hours in it
- `factored`: it as a product, so that it is never made
- `raw_losses`: what is made small
- `descent`, `dual`, `sparse_descent`: the coefficients; `conditioning`: in the variables that find
  them soonest; `penalty_path`: under every penalty
"""
