"""Topics: the built-in table, and whether a paper belongs to one."""
