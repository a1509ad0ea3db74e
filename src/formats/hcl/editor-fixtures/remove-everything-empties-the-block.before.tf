provider "aws" {
  # Static.
  access_key = var.access_key

  secret_key = var.secret_key
}

provider "aws" { access_key = "x" }

provider "aws" {
  # Kept: it is about nothing in particular.

  access_key = "x"
}
