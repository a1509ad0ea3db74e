provider "aws" {
  region = "eu-west-1"
}

# The end.
