"""Two texts side by side: two versions of one policy, or a trust's principles beside a school's text."""
