provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["123456789012"]
}

module "vpc" {
  source = "./vpc"

  nested {
    longer = 2
    a      = 1
  }
}
