provider "aws" {
  # Where and who.
  access_key = var.access_key
  region     = "eu-west-1"

  # The access key of the deployment user.
  secret_key = var.secret_key
  profile    = "dev"

  # secret_key and token come from the vault.
  token       = var.token
  max_retries = 2
}
