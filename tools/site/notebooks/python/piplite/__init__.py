"""What JupyterLite's kernel asks to fetch packages. Here there is nothing to fetch them from."""
