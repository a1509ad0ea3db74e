provider "aws" {}

provider "aws" {}

provider "aws" {
  # Kept: it is about nothing in particular.
}
