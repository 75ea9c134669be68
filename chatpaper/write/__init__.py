"""Summary + figures + template -> post, put on disk atomically."""
