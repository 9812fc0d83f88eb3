"""Delimited text, and the encodings it comes in."""
