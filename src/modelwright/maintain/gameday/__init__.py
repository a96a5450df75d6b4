"""The drill: known faults in a copy of traffic, and what the maintenance finds of them.

- `drill`: every fault injected once, every window judged
- `traffic`: the rows, cut into windows
- `faults`: what can go wrong, one fault or a small family a file
- `harm`: whether a fault makes the answers worse
"""
