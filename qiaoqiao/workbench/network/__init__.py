"""Staff pages of the network: organisations, their tree, workbooks in and out, coverage."""
