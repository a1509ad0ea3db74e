data "aws_subnets" "all" {
  vpc_id = var.vpc_id
}

resource "aws_subnet_ids" "b-2" {
}
