"""Everything in SQLite: the database, its migrations, and a repository for each kind of row."""
