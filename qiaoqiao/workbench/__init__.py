"""Staff pages: queue, case, intake, joint handling, notices, overview."""
