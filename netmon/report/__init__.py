"""The month on paper: figures become words, tables and charts, then a PDF, a CSV and a page."""
