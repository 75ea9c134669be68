"""The second reader: a model that judges each statement by its evidence."""
