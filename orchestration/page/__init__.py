"""The scorecard as a page: `page.py` fills `page.html.j2` with targets, figures and tables of the published numbers."""
