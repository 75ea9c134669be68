"""A second reading of a summary.

Each claim is held against its evidence, by words alone and by a model.
"""
