"""Learners on folds, inside the budget.

- `race`: who runs next, and when it is enough; `search` and `replay` end it, by the clock or as it
  was recorded
- `entry`, `fits`, `outcomes`, `standings`: a learner in the race, on one fold, what it did, and how
  it stands to the others
- `pace`, `course`: what learners will take, and how the time is divided
- `supply`, `proposals`: further learners while there is time
- `schedule`: what was done, written down
"""
