# What everybody else reads about the shared account: its id, names and addresses. Creates nothing in AWS.
terraform {
  required_version = ">= 1.11.0"

  backend "s3" {
    bucket         = "fernwick-terraform-state"
    key            = "baseline/shared/terraform.tfstate"
    region         = "eu-west-1"
    dynamodb_table = "terraform-locks"
  }
}

locals {
  account_id   = "111122223333"
  account_name = "shared"

  # The shared account has one workspace: default.
  regions = ["eu-west-1"]
  cidrs   = { default = "10.10.0.0/16" }
}

resource "terraform_data" "names" {
  input = {
    account = local.account_name
    prefix  = "fernwick-${local.account_name}"
    regions = local.regions
  }
}

resource "terraform_data" "address_plan" {
  for_each = local.cidrs

  input = {
    cidr    = each.value
    private = [for i in range(3) : cidrsubnet(each.value, 4, i)]
    public  = [for i in range(3) : cidrsubnet(each.value, 4, i + 8)]
  }

  lifecycle {
    precondition {
      condition     = tonumber(split("/", each.value)[1]) == 16
      error_message = "Every workspace gets a /16, ${each.key} has ${each.value}."
    }
  }
}

output "account_id" {
  value = local.account_id
}

output "names" {
  value = terraform_data.names.output
}

output "address_plan" {
  value = { for workspace, plan in terraform_data.address_plan : workspace => plan.output }
}
