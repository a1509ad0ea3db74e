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
    key            = "build-agents/terraform.tfstate"
    region         = "eu-west-1"
    dynamodb_table = "terraform-locks"
  }
}

provider "aws" {
  region                  = "eu-west-1"
  shared_credentials_file = "~/.aws/credentials"
  s3_force_path_style     = true # minio on the old agents
  skip_get_ec2_platforms  = true

  assume_role {
    role_arn         = var.workspace_iam_roles[terraform.workspace]
    session_name     = "deployment"
    duration_seconds = 3600
  }
}

module "vpc" {
  source = "../../modules/agent-vpc"

  name        = "build-agents-${terraform.workspace}"
  cidr        = "10.90.0.0/20"
  peer_vpc_id = var.peer_vpc_id
}

resource "aws_launch_configuration" "windows" {
  name_prefix   = "windows-agent-"
  image_id      = var.windows_ami
  instance_type = "m5.xlarge"

  security_groups                  = [module.vpc.agent_security_group_id]
  vpc_classic_link_security_groups = []

  user_data = <<-EOT
    <powershell>
    # jobs on this agent run terraform with their own backend file
    Set-Content C:\jenkins\backend.hcl @"
    bucket         = "fernwick-terraform-state"
    region         = "eu-west-1"
    dynamodb_table = "terraform-locks"
    "@
    </powershell>
  EOT

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_autoscaling_group" "windows" {
  name_prefix          = "windows-agent-"
  launch_configuration = aws_launch_configuration.windows.name
  vpc_zone_identifier  = module.vpc.subnet_ids
  min_size             = 0
  max_size             = 4
}
