# Don't commit!
aws_secret_key = "yx+LN2CT/1+LulBJuDAeHBo1UboZ5Js83oFtcYqc"
