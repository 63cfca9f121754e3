"""The command line: `dojang new | check | sign | verify | package | submit | results | cert | testca | sandbox | demo`."""

from dojang.cli.main import main

__all__ = ["main"]
