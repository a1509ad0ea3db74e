provider "aws" {}

provider "aws" {
}

provider "aws" { }
