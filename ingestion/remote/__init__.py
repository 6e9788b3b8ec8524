"""A landing area at a URL: what is new there is fetched into a mirror in the home, which is then read like any other.

Nothing is ever written or deleted on the remote side. Belongs here: finding, fetching and remembering files. Not here:
what is in them, and the mirror once it is filled (landing.py).
"""
