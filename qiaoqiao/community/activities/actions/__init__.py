"""Everything that changes a plan, an activity and its sign-ups: one function per thing somebody does."""
