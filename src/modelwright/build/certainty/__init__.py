"""How sure answers are.

- `calibration`: probabilities that mean what they say
- `conformal`: ranges and sets that hold the truth as often as stated
- `decision`: from which probability on the answer is yes
- `finish`: all of it, after a blend
"""
