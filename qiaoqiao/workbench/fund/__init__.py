"""The relief fund at the workbench: every page reads by one query and changes by one action."""
