"""Boosting on rows that come as a stream: each piece is put into bins, and only bins are held.

- `labels`: targets and weights of the rows that have been read
- `lightgbm`, `xgboost`: the bins of each library, and trees grown on them
- `reading`: one reading of the stream for both
- `together`: XGBoost on parts of the rows, each in a process or on a node of its own
- `growing`: how many rounds, in the time there is
"""
