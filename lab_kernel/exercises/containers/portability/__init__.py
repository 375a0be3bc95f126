"""Graded problems of the chapter on portability and duties."""
