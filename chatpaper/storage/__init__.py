"""Everything that is kept in SQLite: the store, its migrations, run history, usage and the search
index.
"""
