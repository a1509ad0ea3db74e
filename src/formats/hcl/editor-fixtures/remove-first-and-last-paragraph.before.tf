provider "aws" {
  access_key = var.access_key

  region = "eu-west-1"

  secret_key = var.secret_key
}
