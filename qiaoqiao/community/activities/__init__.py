"""Activities and plans (活动与计划): what was planned, who came, what was done."""
