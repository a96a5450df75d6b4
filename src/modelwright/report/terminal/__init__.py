"""Documents as plain text for a terminal, a page for each.

- `layout`: lines and aligned tables; `phrases`: what several pages say
"""
