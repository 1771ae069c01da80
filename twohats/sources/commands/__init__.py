"""The verbs that bring in: intake, redrive."""
