"""Rank papers for one reader by their records alone, before anything is downloaded or paid for."""
