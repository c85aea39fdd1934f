"""One file of somebody else becomes one layer of the city, whole or not at all."""
