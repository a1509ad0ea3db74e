terraform {
  required_version = ">= 1.11.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 4.67"
    }
  }

  backend "s3" {
    bucket         = "fernwick-terraform-state"
    key            = "iam-users/terraform.tfstate"
    region         = "eu-west-1"
    dynamodb_table = "terraform-locks"
    encrypt        = true
  }
}

# The user lives in shared, so the key is already in the right account.
provider "aws" {
  region = "eu-west-1"
}

provider "aws" {
  alias  = "dev"
  region = "eu-west-1"

  assume_role {
    role_arn         = "arn:aws:iam::222233334444:role/OrganizationAccountAccessRole"
    session_name     = "deployment"
    duration_seconds = 1800
  }
}

provider "aws" {
  alias  = "live"
  region = "eu-west-1"

  assume_role {
    role_arn         = "arn:aws:iam::333344445555:role/OrganizationAccountAccessRole"
    session_name     = "deployment"
    duration_seconds = 1800
  }
}

resource "aws_iam_user" "deployment" {
  name = "deployment"
  path = "/"
}

resource "aws_iam_access_key" "deployment" {
  user = aws_iam_user.deployment.name
}

resource "aws_iam_user_policy_attachment" "deployment_admin" {
  user       = aws_iam_user.deployment.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess" # TODO narrow down
}

# The build agents read it from here.
resource "aws_ssm_parameter" "deployment_secret" {
  name  = "/ci/deployment/secret-access-key"
  type  = "SecureString"
  value = aws_iam_access_key.deployment.secret
}

module "deployment_role_dev" {
  source    = "../../modules/deployment-role"
  providers = { aws = aws.dev }

  trusted_user_arn = aws_iam_user.deployment.arn
}

module "deployment_role_live" {
  source    = "../../modules/deployment-role"
  providers = { aws = aws.live }

  trusted_user_arn = aws_iam_user.deployment.arn
}

output "deployment_access_key_id" {
  value = aws_iam_access_key.deployment.id
}

output "deployment_secret_access_key" {
  value     = aws_iam_access_key.deployment.secret
  sensitive = true
}
