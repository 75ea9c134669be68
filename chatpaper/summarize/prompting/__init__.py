"""The text given to the model: prompts, glossary and closed vocabularies."""
