"""What people do with the fund, one function each; all of it in one transaction with its ledger entries."""
