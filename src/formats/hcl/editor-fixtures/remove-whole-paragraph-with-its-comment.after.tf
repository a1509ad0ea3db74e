provider "aws" {
  region = "eu-west-1"

  max_retries = 2
}
