"""Links for people without an account: signed, expiring, revocable, each for one purpose."""
