"""SNMP: the seam, its two engines, and vendor profiles as data."""
