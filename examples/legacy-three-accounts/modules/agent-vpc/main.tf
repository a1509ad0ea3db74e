terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 4.0, < 5.0"
    }
  }
}

variable "name" {
  type = string
}

variable "cidr" {
  type = string
}

variable "peer_vpc_id" {
  type = string
}

resource "aws_vpc" "this" {
  cidr_block                     = var.cidr
  enable_dns_support             = true
  enable_dns_hostnames           = true
  enable_classiclink             = false # EC2-Classic is off in our accounts
  enable_classiclink_dns_support = false

  tags = { Name = var.name }
}

resource "aws_subnet" "agents" {
  count = 2

  vpc_id     = aws_vpc.this.id
  cidr_block = cidrsubnet(var.cidr, 2, count.index)
  tags       = { Name = "${var.name}-${count.index}" }
}

resource "aws_vpc_peering_connection" "workloads" {
  vpc_id      = aws_vpc.this.id
  peer_vpc_id = var.peer_vpc_id
  auto_accept = true

  accepter {
    allow_remote_vpc_dns_resolution  = true
    allow_classic_link_to_remote_vpc = false
    allow_vpc_to_remote_classic_link = false
  }

  requester {
    allow_remote_vpc_dns_resolution = true
  }
}

resource "aws_security_group" "agents" {
  name   = var.name
  vpc_id = aws_vpc.this.id

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_eip" "nat" {
  vpc = true
}

output "subnet_ids" {
  value = aws_subnet.agents[*].id
}

output "agent_security_group_id" {
  value = aws_security_group.agents.id
}
