module "bucket" {
  source = "git::https://git.example.com/modules.git//bucket?ref=0123abc"
  name   = "${local.prefix}-${terraform.workspace}"
  role   = lookup(var.roles, terraform.workspace, null)
}
