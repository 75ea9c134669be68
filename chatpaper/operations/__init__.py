"""Keep an unattended installation going: alerts, notifications, maintenance, backups, repairs."""
