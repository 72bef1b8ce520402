"""Pools of people (人员库): advisers, mediators, arbitrators, supervisors, interpreters, and their terms."""
