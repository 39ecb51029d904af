"""GROUP: who is a neighbour on the ground, the search for the best areas, their proof and their outlines."""
