"""The third room: findings become a candidate.

- `candidate`: the room's function, from document to document
- `engine`: rows and a time budget become one program, without documents
- `trials`, `classes`, `threads`: learners on folds, inside the budget, one on each core
- `blend`, `scoring`: which learners answer together
- `calibration`: probabilities that mean what they say
- `decision`: from which probability on the answer is yes
- `evaluation`, `periods`, `rows`: the holdout, opened once, and how later rows may differ
- `importance`, `curves`, `slices`: what drives the answers, pictures, subsets
- `leaderboard`, `verdict`, `gates`: what is told, and what must hold before a release
- `draft`: the candidate's bundle
"""
