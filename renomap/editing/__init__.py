"""Draw: pure edits of areas, boundaries, links and missing neighbourhoods, with live checks and totals."""
