"""Which touchpoints and units the hospital hides like what carries a security label."""
