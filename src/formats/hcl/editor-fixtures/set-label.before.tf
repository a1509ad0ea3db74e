data "aws_subnet_ids" "all" {
  vpc_id = var.vpc_id
}

resource "aws_subnet_ids" "b" {
}
