"""Where work runs, and for how long.

- `budget`: the time given, and what is left of it
- `parallel`: threads with ordered results, and the number of cores
- `memory`: what this process holds
- `environment`: Python, the machine and the versions of libraries
- `crews`: who does pieces of work: threads, processes, a Ray cluster
- `process`: fresh Python processes, servers in the background, free ports
"""
