terraform {
  required_version = ">= 1.11.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 4.67"
    }
  }

  backend "s3" {
    bucket         = "fernwick-terraform-state"
    key            = "orders-api/terraform.tfstate"
    region         = "eu-west-1"
    dynamodb_table = "terraform-locks"
  }
}

variable "account_ids" {
  description = "Workspace → account"
  type        = map(string)

  default = {
    dev     = "222233334444"
    live    = "333344445555"
    live-eu = "333344445555"
    live-dr = "333344445555"
  }
}

variable "regions" {
  type    = map(string)
  default = { dev = "eu-west-1", live = "eu-west-1", live-eu = "eu-central-1", live-dr = "eu-west-3" }
}

provider "aws" {
  region = lookup(var.regions, terraform.workspace)
  assume_role {
    role_arn     = "arn:aws:iam::${lookup(var.account_ids, terraform.workspace)}:role/deployment"
    session_name = "deployment"
  }
}
