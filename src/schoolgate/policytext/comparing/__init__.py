"""Two texts side by side: two versions of one policy."""
