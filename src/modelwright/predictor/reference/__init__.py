"""What a bundle keeps of its training rows, to compare later rows with.

- `reference`: all of it
- `distribution`, `grids`, `counting`, `texts`: how values are spread, and in which bins they count
- `pairs`, `seasons`: two columns together, and the months and times of the week
- `roughness`, `rough_relation`, `rough_beyond`: how much training itself changed from window to
  window, and `beyond`: how columns went on
- `surprise`: how surprising a window is, as evidence that may be looked at again and again
- `likely`, `moves`, `directions`: how likely truths are, and where they move off the answers
"""
