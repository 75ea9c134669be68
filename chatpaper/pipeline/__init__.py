"""fetch -> extract -> summarize -> write, per paper; a fault costs one paper, and the run report
tells.
"""
