"""The versioned REST surface for other systems; everything the pages do."""
