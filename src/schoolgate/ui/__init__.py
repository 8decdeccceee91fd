"""How Schoolgate looks and speaks: layouts, form fields, components, dates in words, state tags and charts."""
