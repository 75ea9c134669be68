"""Ask in batches: many requests at once, answered within a day for half the price."""
