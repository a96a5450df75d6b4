"""The third room: findings become a candidate.

- `candidate`: the room's function, from document to document
- `engine`: rows and a time budget become one program, without documents
- `trials`: learners on folds, inside the budget
- `blend`: which learners answer together
- `calibration`: probabilities that mean what they say
- `decision`: from which probability on the answer is yes
- `evaluation`: the holdout, opened once
- `importance`, `curves`, `slices`: what drives the answers, pictures, subsets
- `gates`: what must hold before a release
- `draft`: the candidate's bundle
"""
