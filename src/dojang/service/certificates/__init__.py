"""Registered certificates (공동인증서) and the sealed random numbers R. Private keys never come here."""
