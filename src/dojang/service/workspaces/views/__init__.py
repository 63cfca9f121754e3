"""Pages of workspaces: each parses, calls one service and shows what came of it."""
