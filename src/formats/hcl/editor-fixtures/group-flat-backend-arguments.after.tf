terraform {
  backend "s3" {
    bucket = "state"
    # The role in the shared account.
    assume_role = {
      role_arn    = "arn:aws:iam::123456789012:role/state" # hop
      duration    = 3600
      external_id = "keyless" # not secret
      # Agreed with the other side.
      policy = <<-EOT
        {
          "Version": "2012-10-17"
        }
      EOT
      tags = {
        team = "a"
      }
      session_name = "keyless"
    }
    key = "app.tfstate"

    # What the session
    # is tagged with.
    region = "eu-west-2"
  }
}
