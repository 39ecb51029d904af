"""How kernels are compiled with Numba, and where their machine code is kept on disk."""
