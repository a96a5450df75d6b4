"""Documents as plain text for a terminal, a page for each."""
