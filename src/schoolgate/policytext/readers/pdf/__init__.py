"""PDF into blocks: letters, lines, columns, tables and running lines, told by where they stand on the page."""

from schoolgate.policytext.readers.pdf.pages import MOST_PAGES
from schoolgate.policytext.readers.pdf.reader import read

__all__ = ["MOST_PAGES", "read"]
