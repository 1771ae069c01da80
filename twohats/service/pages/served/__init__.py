"""Looking at a sample of visits and calls: whose hat was worn, and whether the wrong one was served."""
