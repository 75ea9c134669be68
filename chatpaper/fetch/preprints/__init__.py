"""Papers of other servers than arXiv: bioRxiv and medRxiv, and venues of OpenReview."""
