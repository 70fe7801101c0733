"""What this area shows outside: permissions, menu, tiles, search."""
