"""Who is told what is broken, when, and through which channel."""
