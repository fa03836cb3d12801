"""What the service does, one verb a module; no deed knows another."""
