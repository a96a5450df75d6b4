"""What a kernel machine is made of.

- `reading`: rows as points, with the columns that tell most stretched
- `centres`: rows that others are compared with, and the likeness to them
- `relevance`: how much each column tells, by the slopes of what was learned
"""
