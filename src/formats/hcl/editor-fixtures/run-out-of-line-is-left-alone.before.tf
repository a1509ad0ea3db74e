provider "aws" {
  region = "eu-west-1"
  access_key= "x"
  max_retries   = 2
}

provider "aws" {
  region      = "eu-west-1"
  access_key  = "x"
  token       = "y"
}
