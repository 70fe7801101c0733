"""Benchmarks: `python -m benchmarks` lists them, `python -m benchmarks NAME` runs one on a durable scratch cluster.

Each prints a table with the alternative beside it, measured in the same run and given as a ratio. They are never
asserted in the suite: a figure belongs to a machine.
"""
