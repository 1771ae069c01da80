"""For staff: cases of service recovery, who has them, how they end; grievances with their written answer."""
