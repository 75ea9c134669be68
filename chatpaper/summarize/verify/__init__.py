"""A second reading of a summary: each claim is held against its evidence, by words alone and by a
model.
"""
