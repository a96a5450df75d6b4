"""Pictures as SVG that takes its colours from the page, so that they follow light and dark.

- `svg`: one element, escaped
- `axis`: from figures to places, with round ticks
- `tracks`: one row of a picture that is a table: an interval, or a bar with whiskers
- `dots`: a hundred dots, so many of them filled
- `plots`: a line or points over two axes
"""
