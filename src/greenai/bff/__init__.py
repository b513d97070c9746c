"""The BFF: greenai's HTTP interface for the workstation, for load tests and for other programs."""
