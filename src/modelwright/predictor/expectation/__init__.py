"""What is expected of a model's score before labels come: how far answers lie from the truth.

- `part`: what a bundle keeps of it, as data
- `spread`: how far the truth of a number lies from its answer, by the row
- `seen`: which values training had, and which part of new rows lies outside
- `drawing`: truths drawn as the model believes them, and the score of its answers against them
- `fitting`: all of it from answers to rows that nothing was learned from
"""
