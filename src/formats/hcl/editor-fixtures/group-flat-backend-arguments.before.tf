terraform {
  backend "s3" {
    bucket = "state"
    # The role in the shared account.
    role_arn                     = "arn:aws:iam::123456789012:role/state" # hop
    key                          = "app.tfstate"
    assume_role_duration_seconds = 3600

    # Agreed with the other side.
    external_id        = "keyless" # not secret
    assume_role_policy = <<-EOT
      {
        "Version": "2012-10-17"
      }
    EOT

    # What the session
    # is tagged with.
    assume_role_tags = {
      team = "a"
    }
    region = "eu-west-1"
  }
}
