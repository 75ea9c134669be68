"""Tell which fault an answer of a service reports.

It is one of the paper, the account, a setting or the moment.
"""
