"""Pages of the dashboard: functions from what a workspace holds to HTML.

- `pages`: every page of a project, and the list of projects
- `standing`: what a workspace holds now
- `work`: the command that is at work, as far as it has got
- `timeline`: the score over time, with a mark for each judgement
- `form`: a field for each column that the model reads
- `tried`: the answer to a row that a person tried, and why
- `site`: where the pages are, and what their visitor may do
- `assets`: the style, the script and the icon
"""
