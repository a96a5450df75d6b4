"""Contestants import what only their own environments have."""

collect_ignore = ["contestants", "serve/peers", "batch/peers", "maintain/peers"]
