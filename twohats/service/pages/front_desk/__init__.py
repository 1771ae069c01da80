"""The front desk's pages: today's people, and a card to read in five seconds."""
