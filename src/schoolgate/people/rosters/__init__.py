"""Rosters as other systems export them: OneRoster 1.1 and 1.2, Microsoft School Data Sync 1, 2 and 2.1. Pure: no database, no clock."""
