account_id     = "222233334444"
retention_days = 1
