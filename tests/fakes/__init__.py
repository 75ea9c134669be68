"""Servers on 127.0.0.1 that speak the wire format of the real ones, faults included."""
