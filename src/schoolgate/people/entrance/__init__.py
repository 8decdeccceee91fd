"""The entrance: signing in, the device it came from, the gate for uploads, and the door every request passes once."""
