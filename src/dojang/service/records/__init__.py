"""매입, and what was issued elsewhere: documents of others, delivered here, uploaded or typed in from paper."""
