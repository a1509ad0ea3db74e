data "terraform_remote_state" "net" {
  backend = "s3"
  config = {
    bucket = "state"
    assume_role = {
      role_arn = "arn:aws:iam::123456789012:role/state" # hop
      # Agreed with the other side.
      external_id = "keyless" # not secret
    },
    key = "net.tfstate"
  }
}

data "terraform_remote_state" "one_line" {
  backend = "s3"
  config  = { bucket = "state", assume_role = { role_arn = "x", external_id = "y" }, key = "k" }
}
