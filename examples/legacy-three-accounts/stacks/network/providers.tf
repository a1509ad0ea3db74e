terraform {
  required_version = ">= 1.11.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 4.67" # 5 breaks the vpc module
    }
  }

  backend "s3" {
    bucket         = "fernwick-terraform-state"
    key            = "network/terraform.tfstate"
    region         = "eu-west-1"
    dynamodb_table = "terraform-locks"
    encrypt        = true
  }
}

locals {
  account_ids = {
    dev       = "222233334444"
    live      = "333344445555"
    "live-eu" = "333344445555"
    "live-dr" = "333344445555"
  }

  regions = {
    dev       = "eu-west-1"
    live      = "eu-west-1"
    "live-eu" = "eu-central-1"
    "live-dr" = "eu-west-3"
  }

  region = local.regions[terraform.workspace]
}

provider "aws" {
  region = local.region

  assume_role {
    role_arn     = "arn:aws:iam::${local.account_ids[terraform.workspace]}:role/deployment"
    session_name = "deployment"
  }
}
