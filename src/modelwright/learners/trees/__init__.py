"""What learners of trees share.

- `encoding`, `crosses`: the matrix that suits trees; pairs of categories in it
- `rows`: that matrix, kept in little memory
- `boosting`: sizes, losses, patience and rounds that boosters share
- `forests`, `forest`, `forest_grain`: what forests share, how they grow tree by tree, and how many
  rows a leaf holds
- `tables`, `lightgbm`, `xgboost`, `catboost`, `symmetric`: trees of any library as the predictor's
  tables
"""
