"""보고서: figures of a period with the documents behind each."""
