"""From signed bytes to the NTS's answer: packages, submissions, results."""
