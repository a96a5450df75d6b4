"""Kinds of task, their targets, metrics and intervals.

- `task`: binary, multiclass or regression, and its classes
- `infer`, `positive`: the task that a target asks for, and its positive class
- `targets`: labels as indices and back
- `metrics`, `scores`, `confusion`: figures of merit with their direction
- `answers`: answers as a metric takes them
- `goal`: the score that is good enough
- `interval`: a score with its range
- `intervals`, `resampling`, `scale`: how sure a score is
- `prediction_intervals`: where the score of rows to come will lie
- `betting`: bounds of a mean that hold however often one looks
- `sequential`, `row_losses`: two models compared by them, and what a row loses
- `costs`: what mistakes cost, and the threshold that costs least
"""
