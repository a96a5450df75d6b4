"""The deploy room: a candidate becomes a release.

- `release`: the room's function
- `acceptance`: the tests that a bundle passes before a release, in a fresh process
- `probes`: those tests, one by one
- `client`: what the tests ask a server with
- `card`: the model card
- `rollback`: the release before again
"""
