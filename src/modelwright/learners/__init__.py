"""What can be fitted: one module per family, each returns a program.

- `base`: what every learner has
- `registry`: learners by name
- `baseline`, `linear`, `lightgbm`, `xgboost`, `extra_trees`: the families
- `encoding`: raw columns as a matrix, by steps of a program
- `tree_encoding`, `linear_encoding`: the matrix that suits trees, and the one that suits lines
- `levels`, `bins`, `target_means`, `vocabulary`: what encodings learn from a column
- `tree_tables`: trees of any library as the predictor's tables
- `boosting`: sizes, patience and deadlines that boosters share
- `descent`: the coefficients of a linear form
"""
