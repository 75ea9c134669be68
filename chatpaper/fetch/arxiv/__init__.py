"""arXiv's services: query API, RSS, OAI-PMH, the listing page, and the calendar of announcements."""
