# What a team that leaves static keys makes: the roles of its pipeline, its state, and its people. The provider waits five
# seconds and more after each change of a permission set or of a KMS key, so those are made once and stay.
variable "branch" {
  type = string
}

# The endpoint has no host name for each bucket; the proxy has.
variable "path_style" {
  type = bool
}

provider "aws" {
  s3_use_path_style = var.path_style
}

data "aws_caller_identity" "me" {}

# IAM

resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
  tags           = { branch = var.branch }
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.github.arn]
    }
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:acme/infra:ref:refs/heads/${var.branch}"]
    }
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:aud"
      values   = ["sts.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "pipeline" {
  name                 = "pipeline"
  path                 = "/ci/"
  description          = "runs terraform on ${var.branch}"
  max_session_duration = 7200
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  permissions_boundary = aws_iam_policy.boundary.arn
  tags                 = { branch = var.branch }
}

resource "aws_iam_role" "trusts_user" {
  name = "trusts-user"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = aws_iam_user.deployment.arn }
    }]
  })
}

resource "aws_iam_policy" "boundary" {
  name        = "boundary"
  description = "bounds"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["s3:*", "sts:*"], Resource = "*", Sid = var.branch }]
  })
}

resource "aws_iam_role_policy" "state" {
  name = "state"
  role = aws_iam_role.pipeline.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "${aws_s3_bucket.state.arn}/${var.branch}/*" }]
  })
}

resource "aws_iam_role_policy_attachment" "read_only" {
  role       = aws_iam_role.pipeline.name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

resource "aws_iam_user" "deployment" {
  name = "terraform"
  tags = { branch = var.branch }
}

resource "aws_iam_access_key" "deployment" {
  user   = aws_iam_user.deployment.name
  status = var.branch == "main" ? "Active" : "Inactive"
}

resource "aws_iam_user_policy" "deployment" {
  name = "all"
  user = aws_iam_user.deployment.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
  })
}

resource "aws_iam_user_policy_attachment" "deployment" {
  user       = aws_iam_user.deployment.name
  policy_arn = aws_iam_policy.boundary.arn
}

data "aws_iam_policy" "administrator" {
  name = "AdministratorAccess"
}

# The state: bucket, key, lock table

resource "aws_kms_key" "state" {
  description             = "encrypts the state"
  deletion_window_in_days = 7
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "kms:*"
      Resource  = "*"
      Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:root" }
    }]
  })
}

resource "aws_kms_alias" "state" {
  name          = "alias/state"
  target_key_id = aws_kms_key.state.key_id
}

resource "aws_s3_bucket" "state" {
  bucket = "acme-made-by-terraform"
  tags   = { branch = var.branch }
}

resource "aws_s3_bucket_versioning" "state" {
  bucket = aws_s3_bucket.state.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "state" {
  bucket = aws_s3_bucket.state.id
  rule {
    bucket_key_enabled = true
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.state.arn
    }
  }
}

resource "aws_s3_bucket_public_access_block" "state" {
  bucket                  = aws_s3_bucket.state.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "state" {
  bucket = aws_s3_bucket.state.id
  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_policy" "state" {
  bucket = aws_s3_bucket.state.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = var.branch
      Effect    = "Deny"
      Action    = "s3:*"
      Resource  = [aws_s3_bucket.state.arn, "${aws_s3_bucket.state.arn}/*"]
      Principal = "*"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
  depends_on = [aws_s3_bucket_public_access_block.state]
}

resource "aws_s3_object" "state" {
  bucket  = aws_s3_bucket.state.id
  key     = "env:/live/network.tfstate"
  content = jsonencode({ version = 4, branch = var.branch })
  # Left to the bucket.
  depends_on    = [aws_s3_bucket_server_side_encryption_configuration.state, aws_s3_bucket_versioning.state]
  force_destroy = true
}

resource "aws_dynamodb_table" "locks" {
  name         = "made-by-terraform"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "LockID"
  attribute {
    name = "LockID"
    type = "S"
  }
  point_in_time_recovery {
    enabled = true
  }
  tags = { branch = var.branch }
}

# People

data "aws_ssoadmin_instances" "all" {}

locals {
  instance = one(data.aws_ssoadmin_instances.all.arns)
  store    = one(data.aws_ssoadmin_instances.all.identity_store_ids)
}

resource "aws_identitystore_user" "ada" {
  identity_store_id = local.store
  user_name         = "ada"
  display_name      = "Ada Lovelace on ${var.branch}"
  name {
    given_name  = "Ada"
    family_name = "Lovelace"
  }
  emails {
    primary = true
    value   = "ada@example.com"
  }
}

resource "aws_identitystore_group" "engineers" {
  identity_store_id = local.store
  display_name      = "engineers"
  description       = "apply ${var.branch}"
}

resource "aws_identitystore_group_membership" "ada" {
  identity_store_id = local.store
  group_id          = aws_identitystore_group.engineers.group_id
  member_id         = aws_identitystore_user.ada.user_id
}

resource "aws_ssoadmin_permission_set" "apply" {
  instance_arn     = local.instance
  name             = "Apply"
  description      = "plans and applies"
  session_duration = "PT2H"
  tags             = { team = "platform" }
}

resource "aws_ssoadmin_permission_set_inline_policy" "apply" {
  instance_arn       = local.instance
  permission_set_arn = aws_ssoadmin_permission_set.apply.arn
  inline_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "${aws_s3_bucket.state.arn}/*" }]
  })
}

resource "aws_ssoadmin_managed_policy_attachment" "apply" {
  instance_arn       = local.instance
  permission_set_arn = aws_ssoadmin_permission_set.apply.arn
  managed_policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

resource "aws_ssoadmin_account_assignment" "apply" {
  instance_arn       = local.instance
  permission_set_arn = aws_ssoadmin_permission_set.apply.arn
  principal_id       = aws_identitystore_group.engineers.group_id
  principal_type     = "GROUP"
  target_id          = "222222222222"
  target_type        = "AWS_ACCOUNT"
}
