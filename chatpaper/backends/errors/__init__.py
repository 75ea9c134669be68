"""Which fault an answer of a service reports: one of the paper, the account, a setting or the
moment.
"""
