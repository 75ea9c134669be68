"""What the glyphs of a page stand for: fonts, fractions, scripts, negated signs, letters without a
meaning.
"""
