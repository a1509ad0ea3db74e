# ---------------------
# Variables
# ---------------------
# The region.
variable "region" {}

# Static key of the
# deployment user.
variable "access_key" {
  type = string
}

variable "secret_key" {}

# A detached remark.

variable "token" {}
