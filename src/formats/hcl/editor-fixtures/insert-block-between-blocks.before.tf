# Licence: MIT
provider "aws" {
  region = "eu-west-1"
}
# An alias without a blank line above.
provider "aws" {
  alias = "b"
}
