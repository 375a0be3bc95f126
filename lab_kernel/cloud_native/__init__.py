"""Cloud native: a fleet of machines that is kept as it was declared."""
