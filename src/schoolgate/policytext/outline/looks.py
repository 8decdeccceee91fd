"""How the letters of a document look: which lines are set larger or bolder than its running text."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from schoolgate.policytext.blocks import Block

_LARGER = 1.06
_SMALLER = 0.8


@dataclass(frozen=True, slots=True)
class Looks:
    """The size of the running text in points (0 where the format does not say), and whether bold and size tell anything at all."""

    size: float = 0.0
    bold: bool = False
    known: bool = False

    def larger(self, block: Block) -> bool:
        """Whether a block is set in larger letters than the running text."""
        return bool(self.size) and block.size >= self.size * _LARGER

    def set_off(self, block: Block) -> bool:
        """Whether a block is set larger or bolder than the running text, as headings are."""
        return self.known and (self.larger(block) or (block.bold and not self.bold and block.size >= self.size * _SMALLER))

    def rank(self, block: Block) -> float:
        """How prominent a set-off line is: larger first, then bold."""
        return block.size + 0.25 * block.bold


def looks_of(blocks: Sequence[Block]) -> Looks:
    """The looks of the running text: what most of its letters have."""
    sizes: Counter[float] = Counter()
    bold = plain = 0
    for block in blocks:
        if block.kind in ("para", "item", "row"):
            sizes[round(block.size * 2) / 2] += len(block.text)
            bold, plain = bold + len(block.text) * block.bold, plain + len(block.text) * (not block.bold)
    size = sizes.most_common(1)[0][0] if sizes else 0.0
    return Looks(size, bold > plain, bool(size) or (bold > 0 and plain > 0))
