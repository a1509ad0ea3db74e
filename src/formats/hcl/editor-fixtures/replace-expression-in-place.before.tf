module "bucket" {
  source = "s3::https://s3.amazonaws.com/modules/bucket.zip"
  name   = "${var.prefix}-${terraform.workspace}"
  role   = lookup(var.roles, terraform.workspace, "none")
}
