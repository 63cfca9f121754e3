"""발행 승인: a document is looked at by whoever may issue before it is signed."""
