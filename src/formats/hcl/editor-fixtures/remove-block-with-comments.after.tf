# ---------------------
# Variables
# ---------------------
# The region.

# A detached remark.
