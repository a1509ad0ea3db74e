provider "aws" {
  region                   = "eu-west-1"
  shared_credentials_files = ["~/.aws/credentials"] # old name
  profile                  = "dev"                  # mine

  max_retries = 5
}
