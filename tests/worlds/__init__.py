"""Generated worlds: small, ugly exports on which the SQL and the reference must agree row by row."""
