"""Where facts rest: tables declared once, landings, buckets of people, releases, runners, and how they are read."""
