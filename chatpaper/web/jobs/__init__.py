"""What visitors ask for: uploads, requests and the queue that carries them out."""
