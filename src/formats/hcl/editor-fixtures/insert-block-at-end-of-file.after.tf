provider "aws" {
  region = "eu-west-1"
}

# The end.

# One more.
provider "aws" {
  alias = "b"
}
