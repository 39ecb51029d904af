"""The compiled loops of the ground; imported inside functions that call them, as Numba is slow to import."""
