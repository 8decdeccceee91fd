"""Sentence vectors of a packaged model, an optional extra: present when its packages are installed, silently absent otherwise."""

from schoolgate.policytext.vectors.encoding import Encoder, encoder

__all__ = ["Encoder", "encoder"]
