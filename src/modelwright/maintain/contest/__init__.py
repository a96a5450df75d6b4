"""Champion against challenger, as labels come.

- `rows`: what both lost, in the order in which labels came
- `contest`: which is better, whenever one looks
- `description`: as text, with a picture
"""
