"""Use arXiv's services: query API, RSS, OAI-PMH, listing page and announcement calendar."""
