provider "aws" {
  # Where and who.
  region = "eu-west-1"

  # The access key of the deployment user.
  profile = "dev"

  max_retries = 2
}
