"""WHO IS A NEIGHBOUR: what divides the ground and joins it, links, territories, outlines, surroundings."""
