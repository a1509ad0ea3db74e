# Used by everything.
provider "aws" {
  region     = "eu-west-1"
  access_key = var.access_key # from the vault
  secret_key = var.secret_key
  # Session token, when there is one.
  token = var.token
}
