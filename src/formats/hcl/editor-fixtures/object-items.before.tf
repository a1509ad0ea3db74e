data "terraform_remote_state" "net" {
  backend = "s3"
  config = {
    bucket         = "state"
    key            = "net.tfstate" # shared
    dynamodb_table = "locks"       # gone soon
  }
}

locals {
  one   = { a = 1, b = 2 }
  empty = {}
  commas = {
    a = 1,
    b = 2,
  }
  colons = { "a" : 1 }
  open = {
    a = 1,
    b = 2
  }
}
