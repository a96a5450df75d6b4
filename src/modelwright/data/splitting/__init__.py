"""How the rows of a table are divided.

- `splits`: the holdout that is opened once, and the folds for everything before
- `partitions`, `codes`: row numbers divided by the code of each row's group, class or moment
- `portions`: rows beyond a sample, divided as the sample was
"""
