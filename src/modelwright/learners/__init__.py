"""What can be fitted: one module per family, each returns a program.

- `base`: what every learner has
- `registry`: learners by name
- `baseline`, `linear`, `lightgbm`, `xgboost`, `extra_trees`, `random_forest`, `network`: the
  families
- `classes`: rows that lack some classes of their task
- `rehearsal`: a quick model of a few rows
- `encoding`: raw columns as a matrix, by steps of a program
- `tree_encoding`, `linear_encoding`: the matrix that suits trees, and the one that suits lines
- `levels`, `bins`, `splines`, `target_means`, `vocabulary`: what encodings learn from a column
- `tree_rows`: the matrix of trees, kept in little memory; `tree_crosses`: pairs of categories in it
- `features`: what somebody proposes as further columns of it; `told`: what columns tell together
- `tree_tables`, `lightgbm_trees`: trees of any library as the predictor's tables
- `boosting`, `watch`: sizes, losses, patience and deadlines that boosters share
- `forests`, `forest_grain`: what forests share; how many rows a leaf of theirs holds
- `descent`, `dual`, `conditioning`: the coefficients of a linear form, in the variables that find
  them soonest; `factored`: its design matrix
- `network_encoding`, `network_layers`, `network_loss`, `adam`, `network_program`: what a network
  reads, its layers, what it keeps small, its steps, and the program that comes of it
"""
