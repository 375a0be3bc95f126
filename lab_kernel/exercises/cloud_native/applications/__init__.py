"""Graded problems of the chapter on cloud-native applications."""
