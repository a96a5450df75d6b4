"""What can go wrong in traffic, one fault or a small family a file.

- `base`: what a fault is given and what it may assume
- `registry`: every fault by name
- `values`: other units, swapped columns, stuck and missing values
- `levels`: renamed and new categories
- `feed`: rows that come twice, a clock that is off
- `labels`: labels that come late
- `world`: rows of another mix, another relation to the target, a season
"""
