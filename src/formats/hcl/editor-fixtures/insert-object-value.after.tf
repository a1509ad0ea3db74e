terraform {
  backend "s3" {
    bucket = "state"
    key    = "app/terraform.tfstate"
    assume_role = {
      role_arn = "arn:aws:iam::123456789012:role/state"
      tags = {
        team = "a"
      }
    }
    region = "eu-west-1"
  }
}
