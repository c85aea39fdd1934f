"""The map: layers, loaders and pure geospatial functions; knows nothing of monitoring."""
