"""The score beside the promised one.

- `performance`: as labels tell
- `estimate`: without labels, or why it cannot be estimated
- `recalibration`: whether correcting the probabilities would mend the model
- `periods`, `costs`: all of it by time, and in money
"""
