"""The face: Flask application, Folium maps, JSON API."""
