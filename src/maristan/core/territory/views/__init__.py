"""Pages of the territory: places, their edition, and loading."""
