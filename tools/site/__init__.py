"""The site: what MkDocs is told, how it is built and served, what must hold of its pages."""
