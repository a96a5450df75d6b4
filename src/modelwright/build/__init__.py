"""The third room: findings become a candidate.

- `candidate`: the room's function, from document to document
- `job`, `material`, `question`: the work on a candidate, what it is made from, and for whom
- `engine`: rows and a time budget become one program, without documents
- `site`: rows and folds, and who works on them
- `baselines`: the simple things to beat
- `racing`: learners on folds, inside the budget
- `aims`, `trend`: what learners aim at, and a number that rises with time
- `blending`: which learners answer together
- `certainty`: how sure answers are
- `judging`: the holdout, opened once, what drives the answers, and what must hold
- `reference`, `draft`: what a bundle keeps of its training rows, and the bundle
- `source`: the program as a project that a person could have written
"""
