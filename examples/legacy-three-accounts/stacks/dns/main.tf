# Applied by hand from a laptop: make login, then make apply STACK=dns WORKSPACE=default
terraform {
  required_version = ">= 1.11.0"
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 4.67" }
  }

  backend "s3" {
    bucket         = "fernwick-terraform-state"
    key            = "dns/terraform.tfstate"
    region         = "eu-west-1"
    profile        = "fernwick-shared"
    dynamodb_table = "terraform-locks"
  }
}

provider "aws" {
  region = "eu-west-1"

  assume_role {
    role_arn     = "arn:aws:iam::333344445555:role/deployment"
    session_name = "deployment"
  }
}

resource "aws_route53_zone" "main" {
  name = "fernwick.example"
}

resource "aws_route53_record" "www" {
  zone_id = aws_route53_zone.main.zone_id
  name    = "www"
  type    = "CNAME"
  ttl     = 300
  records = ["fernwick.example"]
}

output "name_servers" {
  value = aws_route53_zone.main.name_servers
}
