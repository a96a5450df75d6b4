"""The contestants' programs: each runs in its own environment, on the windows of a drill."""
