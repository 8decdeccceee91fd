"""A view turns one request into one action or one question."""
