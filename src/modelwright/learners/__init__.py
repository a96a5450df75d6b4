"""What can be fitted: one module per family, each returns a program.

- `base`: what every learner has; `rows`, `loss`, `unit`, `recipe`: what it gets and leaves
- `registry`: learners by name; `portfolio`, `search_space`, `settings`: their variants
- `baseline`, `linear`, `network`, `lightgbm`, `xgboost`, `catboost`, `extra_trees`,
  `random_forest`: the families
- `trees`, `lines`, `networks`: how they learn
- `encoding`, `columns`: raw columns as a matrix, by steps of a program
- `features`: what somebody proposes as further columns of it
- `torch`, `keras`, `brought`: networks of these libraries, also those that somebody brings
- `foreign`: models that were trained elsewhere
- `streams`: boosters that learn on from rows that memory does not hold
- `classes`: rows that lack some classes of their task
- `attempts`, `rehearsal`: quick fits that compare something, and a quick model of a few rows
- `memo`, `watch`, `faults`: what is kept for the next learner, when one stops, and how it fails
"""
