region         = "eu-west-1"
aws_access_key = "AKIARTX3GSDSQAMYRNRT" # deployment
retention_days = 14
depots         = ["felixstowe", "daventry", "grangemouth"]
