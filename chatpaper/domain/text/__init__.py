"""Text in any language: scripts, sentences, folding and spans."""
