"""One reader for each kind of file: bytes and a name in, blocks and the number of pages out."""
