# Runs on 1.9.8 (see .terraform-version): newer releases refuse role_arn in the backend. Finance applies it themselves.
terraform {
  required_version = ">= 1.6.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 4.67"
    }
  }

  backend "s3" {
    bucket         = "fernwick-terraform-state"
    key            = "reporting/terraform.tfstate"
    region         = "eu-west-1"
    dynamodb_table = "terraform-locks"
    role_arn       = "arn:aws:iam::111122223333:role/terraform-state"
    session_name   = "finance"
  }
}

provider "aws" {
  region = "eu-west-1"

  assume_role {
    role_arn     = "arn:aws:iam::333344445555:role/deployment"
    session_name = "deployment"
  }
}

data "terraform_remote_state" "messaging" {
  backend   = "s3"
  workspace = "live"

  config = {
    bucket         = "fernwick-terraform-state"
    key            = "messaging/terraform.tfstate"
    region         = "eu-west-1"
    dynamodb_table = "terraform-locks"
    role_arn       = "arn:aws:iam::111122223333:role/terraform-state"
    session_name   = "finance"
  }
}

resource "aws_s3_bucket" "exports" {
  bucket = "fernwick-finance-exports"
}

resource "aws_sqs_queue" "invoices" {
  name = "finance-invoices"
}

resource "aws_sns_topic_subscription" "invoices" {
  topic_arn = data.terraform_remote_state.messaging.outputs.topic_arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.invoices.arn
}
