"""Settings and what is built from them: adapters, limits and the pipeline.

Only here is the environment read.
"""
