terraform {
  required_version = ">= 1.11.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 4.67"
    }
  }

  backend "s3" {} # terraform init -backend-config=shared.tfbackend
}

provider "aws" {
  region     = var.region
  access_key = var.aws_access_key
  secret_key = var.aws_secret_key

  assume_role {
    role_arn     = "arn:aws:iam::${var.account_id}:role/deployment"
    session_name = "deployment"
  }

  default_tags {
    tags = { stack = "messaging", workspace = terraform.workspace }
  }
}

resource "aws_sns_topic" "booking" {
  name = "booking-events"
}

resource "aws_sqs_queue" "depot" {
  for_each = toset(var.depots)

  name                      = "depot-${each.key}"
  message_retention_seconds = var.retention_days * 24 * 60 * 60
}

resource "aws_sns_topic_subscription" "depot" {
  for_each = aws_sqs_queue.depot

  topic_arn = aws_sns_topic.booking.arn
  protocol  = "sqs"
  endpoint  = each.value.arn
}

output "topic_arn" {
  value = aws_sns_topic.booking.arn
}
