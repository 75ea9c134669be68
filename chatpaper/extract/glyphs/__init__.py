"""What glyphs stand for: fonts, fractions, superscripts, negated signs, letters without meaning."""
