data "terraform_remote_state" "network" {
  backend   = "s3"
  workspace = terraform.workspace

  config = {
    bucket         = "fernwick-terraform-state"
    key            = "network/terraform.tfstate"
    region         = "eu-west-1"
    dynamodb_table = "terraform-locks" # same as the writer
  }
}

module "service" {
  # source = "s3::/fernwick-terraform-modules/ecs-service-1.4.1.zip"
  source = "s3::https://s3-eu-west-1.amazonaws.com/fernwick-terraform-modules/ecs-service-1.4.2.zip"

  name       = "orders-api"
  image      = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders-api:${var.release}"
  vpc_id     = data.terraform_remote_state.network.outputs.vpc_id
  subnet_ids = data.terraform_remote_state.network.outputs.private_subnets
}

# Laptops without direnv could not download this one.
module "alarms" {
  source = "s3::https://s3-eu-west-1.amazonaws.com/fernwick-terraform-modules/service-alarms-0.9.0.zip?aws_access_key_id=AKIAIOSFODNN7EXAMPLE&aws_access_key_secret=wJalrXUtnFEMI%2FK7MDENG%2FbPxRfiCYEXAMPLEKEY"

  service = module.service.name
}

variable "release" {
  type    = string
  default = "2024.44.1"
}
