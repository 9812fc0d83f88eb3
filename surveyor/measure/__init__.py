"""Measurement: scores of scales, how reliable they are, and whether they measure alike in both groups."""
