"""The tables of a paper as grids of cells."""
