"""The web service: Django on top of the library. It knows everything below; nothing below knows it."""
