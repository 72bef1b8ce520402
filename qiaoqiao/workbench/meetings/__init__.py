"""Pages of joint meetings (五侨联席): plan, agenda, attendance, resolutions, minutes, follow-up."""
