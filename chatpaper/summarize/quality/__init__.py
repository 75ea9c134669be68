"""The form of an answer: what is mended without a word, and what makes a call a failed one."""
