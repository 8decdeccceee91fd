"""From the blocks of a reader to clauses and cover facts: what stands where, what it asks and of whom."""
