# Used by everything.
provider "aws" {
  region = "eu-west-1"
}
