terraform {
  backend "s3" {
    bucket = "state"
    key    = "app/terraform.tfstate"
    region = "eu-west-1"
  }
}
