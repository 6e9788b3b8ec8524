"""The KPI catalogue a second time, in plain Python from its prose: slow, obvious, and blind to the SQL it judges."""
