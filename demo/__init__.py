"""The demo: real places, invented people, and two years of cases made through the product's own actions."""
