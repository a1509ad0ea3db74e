data "terraform_remote_state" "baseline" {
  backend   = "s3"
  workspace = terraform.workspace

  config = {
    bucket         = "fernwick-terraform-state"
    key            = "baseline/${startswith(terraform.workspace, "live") ? "live" : "dev"}/terraform.tfstate"
    region         = "eu-west-1"
    dynamodb_table = "terraform-locks"
  }
}

locals {
  addresses = data.terraform_remote_state.baseline.outputs.address_plan[terraform.workspace]
}

module "vpc" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "3.18.1"

  name = "fernwick-${terraform.workspace}"
  cidr = local.addresses.cidr

  azs             = [for zone in ["a", "b", "c"] : "${local.region}${zone}"]
  private_subnets = local.addresses.private
  public_subnets  = local.addresses.public

  enable_nat_gateway = true
  single_nat_gateway = terraform.workspace == "dev" # cheaper

  enable_dns_hostnames           = true
  enable_classiclink             = false # security review 2019, finding 4
  enable_classiclink_dns_support = false
  default_vpc_enable_classiclink = false

  tags = {
    stack     = "network"
    workspace = terraform.workspace
  }
}

output "vpc_id" {
  value = module.vpc.vpc_id
}

output "private_subnets" {
  value = module.vpc.private_subnets
}

output "public_subnets" {
  value = module.vpc.public_subnets
}
