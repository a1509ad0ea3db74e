#!/usr/bin/env bash
# usage: scripts/plan.sh <stack> [workspace]
set -euo pipefail

stack="${1:?usage: scripts/plan.sh <stack> [workspace]}"
workspace="${2:-dev}"

cd "$(dirname "$0")/../stacks/$stack"

# your own session must not get in the way of the deployment key
unset AWS_PROFILE AWS_SESSION_TOKEN
if [ -z "${AWS_ACCESS_KEY_ID:-}" ]; then
  export AWS_ACCESS_KEY_ID="$(aws configure get aws_access_key_id)"
  export AWS_SECRET_ACCESS_KEY="$(aws configure get aws_secret_access_key)"
fi

init_args=(-input=false -reconfigure)
plan_args=(-input=false -lock-timeout=5m)
if [ "$stack" = messaging ]; then
  init_args+=(-backend-config=shared.tfbackend)
  plan_args+=(-var-file="env/$workspace.tfvars")
  plan_args+=(-var "aws_access_key=$AWS_ACCESS_KEY_ID" -var "aws_secret_key=$AWS_SECRET_ACCESS_KEY")
fi

terraform init "${init_args[@]}"
terraform workspace select "$workspace" || terraform workspace new "$workspace"
terraform plan "${plan_args[@]}"
