terraform {
  backend "s3" {
    bucket       = "state" # shared account
    encrypt      = true
    use_lockfile = true
    # The table is looked for in the caller's account.
    dynamodb_table = "locks"
  }
}
