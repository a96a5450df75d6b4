"""The deploy room: a candidate becomes a release.

- `release`: the room's function
- `acceptance`: the tests that a bundle passes before a release, in a fresh process
- `probes`: those tests, one by one
- `client`: what the tests ask a server with
- `card`: the model card
- `rollout`: a challenger beside the champion, in its place, and the champion before again
- `delivery`: a bundle as folders that a client can take away
- `targets`: those folders, one module for each kind of host
"""
