"""What may spoil the model or its score, apart from leaks: one module per kind of problem.

- `base`: what every kind is given
- `registry`: all kinds, and the search
- `rows`, `columns`, `over_time`: what counting shows
- `flattered`, `near_copies`, `places`: rows that know each other on both sides of a split
- `small_holdout`: whether the holdout can show what is asked of it
- `personal`, `sensitive`: people in the table, and how differently groups of them are answered
- `wrong_labels`: answers that look wrong
"""
