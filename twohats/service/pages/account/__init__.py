"""Log in, log out, and what one may see."""
