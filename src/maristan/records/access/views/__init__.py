"""Pages on accesses: the refusal and its form, the review, relations, and who saw a record."""
