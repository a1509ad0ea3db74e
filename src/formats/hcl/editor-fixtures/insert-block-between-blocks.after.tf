# Licence: MIT
locals {
  b = 1
}

provider "aws" {
  region = "eu-west-1"
}

locals {
  c = 1
}

locals {
  a = 1
}

# An alias without a blank line above.
provider "aws" {
  alias = "b"
}
