"""The commands on papers that are in the database: export, forget, retry."""
