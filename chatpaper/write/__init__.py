"""Write posts from summaries, figures and templates, and put them on disk atomically."""
