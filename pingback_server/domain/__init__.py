"""What a discussion is and which rules it follows: no clock, no file, no request, no framework."""
