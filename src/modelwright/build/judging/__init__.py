"""What is told of a candidate, and what must hold before a release.

- `evaluation`, `answered`, `rows`: the holdout, opened once
- `periods`: how later rows may differ
- `coverage`: whether ranges and sets held the truth as stated
- `importance`, `movements`, `dependence`, `behaviour`: what drives the answers
- `curves`: points of pictures
- `leaderboard`, `verdict`: what is told
- `robustness`, `gates`: what must hold
"""
