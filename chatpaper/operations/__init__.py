"""What keeps a machine going that nobody watches: alerts, notifications, housekeeping, backups,
repairs.
"""
