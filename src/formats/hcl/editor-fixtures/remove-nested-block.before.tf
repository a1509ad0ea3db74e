provider "aws" {
  region = "eu-west-1"

  assume_role {
    role_arn = "x"
  }

  default_tags {
    tags = {}
  }
}

provider "aws" {
  assume_role {
    role_arn = "x"
  }
}
