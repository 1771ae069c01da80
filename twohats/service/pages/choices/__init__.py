"""Pages for people we serve, by a link of their own: how we may reach them."""
