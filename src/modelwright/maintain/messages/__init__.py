"""Messages about alarms: who is told, how, and what happens when nobody can be reached.

- `base`: a message, and what a channel is
- `wording`: a message as text
- `webhook`, `mail`, `file`: the channels
- `registry`: the channels that `[messages]` in `modelwright.toml` names
- `delivery`: what waits is sent, and sent again later when that failed
"""
