"""Benchmarks: one command each, side by side with the alternative, on a durable scratch cluster. Never asserted."""
