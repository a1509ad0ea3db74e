variable "region" {
  type    = string
  default = "eu-west-1"
}

variable "account_id" {
  description = "Target account, from env/<workspace>.tfvars"
  type        = string
}

# The depot pipeline could not set environment variables, so the key comes in as a variable.
variable "aws_access_key" {
  type = string
}

variable "aws_secret_key" {
  type      = string
  sensitive = true
}

variable "retention_days" {
  type    = number
  default = 14
}

variable "depots" {
  type = list(string)
}
