"""A walk of a device as a file that says of nobody whose it is."""
