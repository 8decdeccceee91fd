"""A document in clauses written out again: for people as Markdown and Word, and from school to school as a bundle."""
