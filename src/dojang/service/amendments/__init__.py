"""수정발행: what happened, worked out to documents that are signed together; and the chain they stand in."""
