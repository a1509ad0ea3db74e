module "vpc" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "3.18.1"
  # Defaults of 3.x, so that the plan stays empty.
  manage_default_vpc = false # new default: true
  enable_dns         = false # new default: true

  name = "main"
}
