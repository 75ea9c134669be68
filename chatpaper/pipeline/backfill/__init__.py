"""Years of a topic, taken in month by month, apart from what its nights do."""
