"""The data contract as a file: YAML of the Open Data Contract Standard 3.1.

- `writer`: a contract becomes a text
- `reader`: a text becomes a contract; `options` and `rules` read its two inner languages
- `entries`: YAML that knows its lines
- `names`: what the standard calls our types
"""
