"""What Permalien costs, measured: `make bench`. README.md says how, and what came out."""
