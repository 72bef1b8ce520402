"""What an office arranges around the cases: a folder each, and none knows another but `network`."""
