"""The third room: findings become a candidate.

- `candidate`: the room's function, from document to document
- `job`, `material`: the work on a candidate, and what it is made from
- `engine`: rows and a time budget become one program, without documents
- `search`, `replay`: work that the clock ends, and work that is done again as it was recorded
- `race`, `course`, `fits`, `outcomes`, `classes`, `threads`: learners on folds, one on each core
- `supply`, `proposals`: further learners while there is time
- `refits`, `repeats`: members learn again from all rows, also with other seeds
- `site`: rows and folds, and who works on them
- `schedule`: what was done, written down
- `blend`: which learners answer together
- `calibration`: probabilities that mean what they say
- `conformal`, `coverage`: ranges and sets that hold the truth as stated, and whether they did
- `decision`: from which probability on the answer is yes
- `evaluation`, `periods`, `rows`: the holdout, opened once, and how later rows may differ
- `importance`, `movements`, `curves`, `slices`: what drives the answers, pictures, subsets
- `leaderboard`, `verdict`, `gates`: what is told, and what must hold before a release
- `draft`: the candidate's bundle
"""
