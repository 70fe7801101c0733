"""Pages of accounts: the door, one's own account, people, roles."""
