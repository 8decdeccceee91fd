"""The law and quality check of one document. ``checking.check`` is the way in; the rules stand in ``rules/citations.yaml``."""
