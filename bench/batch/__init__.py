"""Batch prediction beside another system's, from Parquet to Parquet."""
