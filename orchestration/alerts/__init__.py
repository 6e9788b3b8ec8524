"""Alerts after a night: what is new (news), remembered in the home (memory), sent (sending), and when (nights)."""
