"""검증: the public page that says whether a document is what it claims to be. Nothing is stored."""
