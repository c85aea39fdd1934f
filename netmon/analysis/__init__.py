"""What the record means now and over time; the only room where monitoring rows meet the map."""
