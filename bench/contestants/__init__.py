"""Contestants: one module for each peer; each runs as a program in that peer's environment."""
