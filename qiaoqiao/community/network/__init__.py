"""The network (组织网络): organisations down to the village, who can help near me, coverage and gaps."""
