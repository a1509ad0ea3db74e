data "terraform_remote_state" "net" {
  backend = "s3"
  config = {
    bucket   = "state"
    role_arn = "arn:aws:iam::123456789012:role/state", # hop
    key      = "net.tfstate"
    # Agreed with the other side.
    external_id = "keyless" # not secret
  }
}

data "terraform_remote_state" "one_line" {
  backend = "s3"
  config  = { bucket = "state", role_arn = "x", key = "k", external_id = "y" }
}
