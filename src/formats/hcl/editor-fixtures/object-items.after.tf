data "terraform_remote_state" "net" {
  backend = "s3"
  config = {
    bucket       = var.bucket
    use_lockfile = true
    "key"        = "net.tfstate" # shared
  }
}

locals {
  one = { b = 2, c = 3 }
  empty = {
    bcd = 1
    a   = 1
  }
  commas = {
    b = 2,
    c = {
      d = 1
    },
  }
  colons = { "b" : 2, "a" : 1 }
  open = {
    a      = 1
    longer = 3
  }
}
