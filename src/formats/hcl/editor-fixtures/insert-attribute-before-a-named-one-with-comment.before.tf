terraform {
  backend "s3" {
    bucket = "state" # shared account
    # The table is looked for in the caller's account.
    dynamodb_table = "locks"
  }
}
