"""How often a model should learn again, and from what: policies lived through on the past.

- `policy`: how often, and on which window
- `backtest`: every policy on past windows, with what it gains and costs
"""
