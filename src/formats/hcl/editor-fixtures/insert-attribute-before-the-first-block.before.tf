module "vpc" {
  # Where the module lives.
  nested {
    a = 1
  }
}
