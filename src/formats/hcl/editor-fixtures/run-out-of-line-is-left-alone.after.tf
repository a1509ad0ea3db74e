provider "aws" {
  region = "eu-west-1"
  profile = "dev"
  max_retries   = 2
}

provider "aws" {
  region      = "eu-west-1"
  profile     = "dev"
  token       = "y"
}
