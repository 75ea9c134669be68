"""What of a paper is put before the model."""
