"""The data-map explorer: one HTML file that shows which texts a data map and the acquisitions are made of."""
