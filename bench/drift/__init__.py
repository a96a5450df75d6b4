"""What watches a model, measured: faults that are injected, and a year of checks of steady rows."""
