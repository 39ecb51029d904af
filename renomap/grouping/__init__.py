"""GROUP: the problem, the search for the best areas, its bounds, its proof and what explains a result."""
