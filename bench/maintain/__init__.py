"""What watches a model beside others that watch: the same windows, the same faults."""
