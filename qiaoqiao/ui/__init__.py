"""Look and words shared by the web doors: layout, components, tags, static files; knows no case."""
