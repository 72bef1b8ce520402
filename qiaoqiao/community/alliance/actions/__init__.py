"""Everything that changes offers and referrals."""
