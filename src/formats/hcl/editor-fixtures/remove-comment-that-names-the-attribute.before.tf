provider "aws" {
  # Access key of the deployment user.
  access_key = var.access_key
  region     = "eu-west-1"
}
