"""Workbooks (.xlsx, .ods), within limits."""
