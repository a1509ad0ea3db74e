# Identity Center was switched on for the audit; people still use the key.
data "aws_ssoadmin_instances" "this" {}

locals {
  sso_instance_arn = tolist(data.aws_ssoadmin_instances.this.arns)[0]
}

resource "aws_ssoadmin_permission_set" "super_admin" {
  name             = "SuperAdmin"
  instance_arn     = local.sso_instance_arn
  session_duration = "PT12H"
}

resource "aws_ssoadmin_managed_policy_attachment" "super_admin" {
  instance_arn       = local.sso_instance_arn
  permission_set_arn = aws_ssoadmin_permission_set.super_admin.arn
  managed_policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

resource "aws_ssoadmin_account_assignment" "everybody" {
  for_each = toset(["111122223333", "222233334444", "333344445555"])

  instance_arn       = local.sso_instance_arn
  permission_set_arn = aws_ssoadmin_permission_set.super_admin.arn
  principal_type     = "GROUP"
  principal_id       = var.everybody_group_id
  target_type        = "AWS_ACCOUNT"
  target_id          = each.key
}

variable "everybody_group_id" {
  type    = string
  default = "00000000-0000-4000-8000-000000000000"
}
