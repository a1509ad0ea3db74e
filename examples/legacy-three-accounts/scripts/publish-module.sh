#!/usr/bin/env bash
# usage: scripts/publish-module.sh <module> <version>
set -euo pipefail

module="${1:?module}"
version="${2:?version}"
bucket=fernwick-terraform-modules

cd "$(dirname "$0")/.."
mkdir -p dist
(cd "modules/$module" && zip -qr "../../dist/$module-$version.zip" .)

if aws s3api head-object --bucket "$bucket" --key "$module-$version.zip" >/dev/null 2>&1; then
  echo "$module $version is already published, bump the version" >&2
  exit 1
fi
aws s3 cp "dist/$module-$version.zip" "s3://$bucket/$module-$version.zip" --region eu-west-1
