"""Joint handling (五侨联席): meetings over cases, resolutions that become tasks, the green channel."""
