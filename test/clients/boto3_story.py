"""What a program with boto3 does inside: it is a person by the token that keyless cached, renews that token, keeps state
and locks, and is refused. Prints JSON for the test to judge."""

import json
import urllib.request

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

BUCKET, KEY, LOCKS = "keyless-sandbox-state", "network/terraform.tfstate", "keyless-sandbox-locks"
told = {}


def refusal(call, **params):
    try:
        call(**params)
    except ClientError as error:
        return [error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]]
    return None


person = boto3.Session(profile_name="development-administrator")
told["person"] = person.client("sts").get_caller_identity()["Arn"]

# Without the cached credentials of the role: the token itself, which botocore renews when it is about to end.
told["token"] = botocore.session.Session(profile="development-administrator").get_auth_token().get_frozen_token().token

paths = Config(s3={"addressing_style": "path"}, signature_version="s3v4")
s3 = person.client("s3", config=paths)
first = s3.put_object(Bucket=BUCKET, Key=KEY, Body=b'{"serial":1}', IfNoneMatch="*")
told["again"] = refusal(s3.put_object, Bucket=BUCKET, Key=KEY, Body=b"{}", IfNoneMatch="*")
s3.put_object(Bucket=BUCKET, Key=KEY, Body=b'{"serial":2}', ChecksumAlgorithm="SHA256")
told["state"] = s3.get_object(Bucket=BUCKET, Key=KEY)["Body"].read().decode()
told["older"] = s3.get_object(Bucket=BUCKET, Key=KEY, VersionId=first["VersionId"])["Body"].read().decode()
told["versions"] = len(s3.list_object_versions(Bucket=BUCKET)["Versions"])
s3.put_object(Bucket=BUCKET, Key="a b/\u00fc", Body=b"hello")
told["odd name"] = s3.get_object(Bucket=BUCKET, Key="a b/\u00fc")["Body"].read().decode()
told["no key"] = refusal(s3.get_object, Bucket=BUCKET, Key="none")
url = s3.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": KEY})
with urllib.request.urlopen(url) as answer:
    told["presigned"] = answer.read().decode()

table = person.resource("dynamodb").Table(LOCKS)
absent = "attribute_not_exists(LockID)"
table.put_item(Item={"LockID": KEY, "Info": "held", "count": 3}, ConditionExpression=absent)
told["held"] = refusal(table.put_item, Item={"LockID": KEY}, ConditionExpression=absent)
told["lock"] = {name: str(value) for name, value in table.get_item(Key={"LockID": KEY})["Item"].items()}
table.delete_item(Key={"LockID": KEY})
told["released"] = "Item" not in table.get_item(Key={"LockID": KEY})

reader = boto3.Session(profile_name="production-readonly")
told["reader"] = refusal(reader.client("s3", config=paths).create_bucket, Bucket="acme-new")
told["reader of iam"] = refusal(reader.client("iam").create_user, UserName="x")
told["unmodelled"] = refusal(person.client("ec2").describe_instances)

legacy = boto3.Session(profile_name="legacy")
key = legacy.get_credentials()
told["legacy"] = legacy.client("sts").get_caller_identity()["Arn"]


def sts(access_key, secret, token=None):
    return boto3.client(
        "sts", aws_access_key_id=access_key, aws_secret_access_key=secret, aws_session_token=token
    ).get_caller_identity


told["users"] = [user["UserName"] for user in legacy.client("iam").list_users()["Users"]]
told["tables"] = legacy.client("dynamodb").list_tables()["TableNames"]
told["wrong secret"] = refusal(sts(key.access_key, "a" * 40))
told["unknown key"] = refusal(sts("AKIAIOSFODNN7EXAMPLE", key.secret_key))
told["wrong secret of s3"] = refusal(
    boto3.client("s3", aws_access_key_id=key.access_key, aws_secret_access_key="a" * 40, config=paths).list_buckets
)
told["no token"] = refusal(sts(*person.get_credentials().get_frozen_credentials()[:2]))
told["other region"] = refusal(legacy.client("sts", region_name="us-east-1").get_caller_identity)

print(json.dumps(told, default=str))
