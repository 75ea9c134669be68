"""An overview of the papers of some days, from their checked summaries: no paper is read again."""
