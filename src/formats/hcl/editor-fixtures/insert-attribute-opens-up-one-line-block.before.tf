provider "aws" { region = "eu-west-1" }

module "vpc" {
  source = "./vpc"

  nested { a = 1 }
}
