provider "aws" {
  region = "eu-west-1"

  # Static, from the vault.
  access_key = var.access_key
  secret_key = var.secret_key

  max_retries = 2
}
