"""Calls every operation of the embedded AWS with botocore and holds each answer to botocore's model. Prints JSON: the
operations that `answered`, those that were `refused` with their codes, and what is wrong."""

import json
import os
import sys
import urllib.request
from collections import defaultdict

import botocore.session
from botocore.exceptions import ClientError, ParamValidationError, UnknownServiceError

from wire_model import misfits

ACCOUNT, OTHER = "111111111111", "222222222222"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": ACCOUNT}}],
    }
)
POLICY = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
)
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
PORTAL = "https://keyless-sandbox.awsapps.com/start"

# What AWS itself answers, and the enumerations of its model do not have.
# https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachedPermissionsBoundary.html: "can only have a value of Policy".
MODEL_IS_WRONG = (
    "PermissionsBoundaryType is Policy, and not one of PermissionsBoundaryPolicy",
    "SourcePolicyType is IAM Policy, and not one of user, group, role, aws-managed, user-managed, resource, none",
)

answered, refused, problems = defaultdict(set), defaultdict(dict), []
session = botocore.session.Session()


class Api:
    """A client whose every answer is checked. `api.CreateUser(UserName='x')` is the operation of that name."""

    def __init__(self, service, config=None):
        self.service = service
        self.client = session.create_client(service, config=config)
        self.methods = {operation: name for name, operation in self.client.meta.method_to_api_mapping.items()}
        self.client.meta.events.register("before-parse", self.check)
        self.errors = {shape.error_code for shape in self.client.meta.service_model.error_shapes}

    def check(self, operation_model, response_dict, **_):
        if response_dict["status_code"] < 300:
            answered[self.service].add(operation_model.name)
            found = misfits(operation_model, response_dict)
            problems.extend(f"{self.service} {one}" for one in found if not one.endswith(MODEL_IS_WRONG))

    def __getattr__(self, operation):
        return getattr(self.client, self.methods[operation])

    def refuses(self, code, operation, **params):
        """The call is refused with this code, in the form of the service."""
        try:
            getattr(self, operation)(**params)
            problems.append(f"{self.service} {operation} was not refused")
        except ClientError as error:
            got = error.response["Error"]
            refused[self.service][operation] = got["Code"]
            if got["Code"] != code or not got.get("Message") or "RequestId" not in error.response["ResponseMetadata"]:
                problems.append(f"{self.service} {operation}: {error.response}")
            # Of S3's codes the model has next to none.
            if self.service != "s3" and code not in self.errors:
                problems.append(f"{self.service} {operation}: the model has no error {code}")


def control(path, body):
    request = urllib.request.Request(
        os.environ["KEYLESS_CONTROL_URL"] + path,
        json.dumps(body).encode(),
        {"authorization": "Bearer " + os.environ["KEYLESS_CONTROL_TOKEN"]},
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def sts():
    api = Api("sts")
    api.GetCallerIdentity()
    api.GetSessionToken(DurationSeconds=900)
    api.GetAccessKeyInfo(AccessKeyId=os.environ["AWS_ACCESS_KEY_ID"])
    iam = Api("iam")
    role = iam.CreateRole(RoleName="tour", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    api.AssumeRole(RoleArn=role, RoleSessionName="tour", Policy=POLICY)
    url = "https://token.actions.githubusercontent.com"
    provider = iam.CreateOpenIDConnectProvider(Url=url, ClientIDList=["sts.amazonaws.com"])["OpenIDConnectProviderArn"]
    condition = {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": "repo:acme/infra:ref:refs/heads/main",
    }
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": provider},
        "Condition": {"StringEquals": condition},
    }
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    github = iam.CreateRole(RoleName="github", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    job = {"repository": {"fullName": "acme/infra"}, "event": "push", "ref": "refs/heads/main"}
    token = control("/tokens/github", {"job": job, "audience": "sts.amazonaws.com"})["token"]
    api.AssumeRoleWithWebIdentity(RoleArn=github, RoleSessionName="tour", WebIdentityToken=token)
    saml = f"arn:aws:iam::{ACCOUNT}:saml-provider/none"
    api.refuses(
        "InvalidIdentityToken",
        "AssumeRoleWithSAML",
        RoleArn=role,
        PrincipalArn=saml,
        SAMLAssertion="PHg+PC94Pg==",
    )
    api.refuses("InvalidAuthorizationMessageException", "DecodeAuthorizationMessage", EncodedMessage="x")
    # Last use is told of from now on.
    iam.GetRole(RoleName="tour")
    iam.DeleteRole(RoleName="github")


def iam():
    api = Api("iam")
    tags = [{"Key": "team", "Value": "platform"}]
    policy = api.CreatePolicy(PolicyName="tour", PolicyDocument=POLICY, Description="d", Tags=tags)["Policy"]["Arn"]
    api.CreatePolicyVersion(PolicyArn=policy, PolicyDocument=POLICY, SetAsDefault=True)
    api.SetDefaultPolicyVersion(PolicyArn=policy, VersionId="v1")
    api.GetPolicy(PolicyArn=policy)
    api.GetPolicyVersion(PolicyArn=policy, VersionId="v2")
    api.ListPolicyVersions(PolicyArn=policy, MaxItems=1)
    api.TagPolicy(PolicyArn=policy, Tags=tags)
    api.ListPolicyTags(PolicyArn=policy)
    api.UntagPolicy(PolicyArn=policy, TagKeys=["team"])
    api.ListPolicies(Scope="All")

    user = {"UserName": "tour"}
    api.CreateUser(**user, PermissionsBoundary=policy, Tags=tags)
    api.PutUserPolicy(**user, PolicyName="inline", PolicyDocument=POLICY)
    api.GetUserPolicy(**user, PolicyName="inline")
    api.ListUserPolicies(**user)
    api.AttachUserPolicy(**user, PolicyArn=policy)
    api.ListAttachedUserPolicies(**user)
    api.PutUserPermissionsBoundary(**user, PermissionsBoundary=policy)
    api.TagUser(**user, Tags=tags)
    api.ListUserTags(**user)
    api.UntagUser(**user, TagKeys=["team"])
    key = api.CreateAccessKey(**user)["AccessKey"]["AccessKeyId"]
    api.UpdateAccessKey(**user, AccessKeyId=key, Status="Inactive")
    api.ListAccessKeys(**user)
    api.GetAccessKeyLastUsed(AccessKeyId=key)
    api.GetAccessKeyLastUsed(AccessKeyId=os.environ["AWS_ACCESS_KEY_ID"])
    api.GetUser(**user)
    api.GetUser()
    api.UpdateUser(**user, NewPath="/ci/")
    api.ListUsers(PathPrefix="/")
    for empty in ("ListGroupsForUser", "ListMFADevices", "ListSSHPublicKeys", "ListServiceSpecificCredentials"):
        getattr(api, empty)(**user)
    api.ListSigningCertificates(**user)
    api.refuses("NoSuchEntity", "GetLoginProfile", **user)

    role = {"RoleName": "roundtrip"}
    arn = api.CreateRole(**role, AssumeRolePolicyDocument=TRUST, Description="d", PermissionsBoundary=policy, Tags=tags)
    arn = arn["Role"]["Arn"]
    api.PutRolePolicy(**role, PolicyName="inline", PolicyDocument=POLICY)
    api.GetRolePolicy(**role, PolicyName="inline")
    api.ListRolePolicies(**role)
    api.AttachRolePolicy(**role, PolicyArn=policy)
    api.ListAttachedRolePolicies(**role)
    api.PutRolePermissionsBoundary(**role, PermissionsBoundary=policy)
    api.TagRole(**role, Tags=tags)
    api.ListRoleTags(**role)
    api.UntagRole(**role, TagKeys=["team"])
    api.UpdateRole(**role, MaxSessionDuration=7200)
    api.UpdateRoleDescription(**role, Description="e")
    api.UpdateAssumeRolePolicy(**role, PolicyDocument=TRUST)
    api.GetRole(**role)
    api.ListRoles()
    api.ListInstanceProfilesForRole(**role)
    api.ListEntitiesForPolicy(PolicyArn=policy)
    linked = api.CreateServiceLinkedRole(AWSServiceName="sso.amazonaws.com")["Role"]["RoleName"]
    gone = api.DeleteServiceLinkedRole(RoleName=linked)["DeletionTaskId"]
    api.GetServiceLinkedRoleDeletionStatus(DeletionTaskId=gone)

    made = api.CreateOpenIDConnectProvider(Url="https://oidc.example.com/id", ClientIDList=["a"], Tags=tags)
    provider = {"OpenIDConnectProviderArn": made["OpenIDConnectProviderArn"]}
    api.AddClientIDToOpenIDConnectProvider(**provider, ClientID="b")
    api.RemoveClientIDFromOpenIDConnectProvider(**provider, ClientID="b")
    api.UpdateOpenIDConnectProviderThumbprint(**provider, ThumbprintList=["a" * 40])
    api.TagOpenIDConnectProvider(**provider, Tags=tags)
    api.ListOpenIDConnectProviderTags(**provider)
    api.UntagOpenIDConnectProvider(**provider, TagKeys=["team"])
    api.GetOpenIDConnectProvider(**provider)
    api.ListOpenIDConnectProviders()
    api.DeleteOpenIDConnectProvider(**provider)

    api.GetAccountAuthorizationDetails(MaxItems=2)
    api.GetAccountAuthorizationDetails()
    api.GetAccountSummary()
    api.refuses("NoSuchEntity", "GetAccountPasswordPolicy")
    for empty in ("ListAccountAliases", "ListGroups", "ListInstanceProfiles", "ListSAMLProviders"):
        getattr(api, empty)()
    api.ListServerCertificates()
    api.ListVirtualMFADevices()
    api.GenerateCredentialReport()
    api.GetCredentialReport()
    job = api.GenerateServiceLastAccessedDetails(Arn=arn)["JobId"]
    api.GetServiceLastAccessedDetails(JobId=job)
    api.SimulateCustomPolicy(PolicyInputList=[POLICY], ActionNames=["s3:GetObject", "s3:PutObject"])
    api.SimulatePrincipalPolicy(PolicySourceArn=arn, ActionNames=["s3:GetObject"], ResourceArns=["arn:aws:s3:::a/b"])

    api.DeleteRolePermissionsBoundary(**role)
    api.DetachRolePolicy(**role, PolicyArn=policy)
    api.refuses("DeleteConflict", "DeleteRole", **role)
    api.DeleteRolePolicy(**role, PolicyName="inline")
    api.DeleteRole(**role)
    api.DeleteAccessKey(**user, AccessKeyId=key)
    api.DeleteUserPermissionsBoundary(**user)
    api.DetachUserPolicy(**user, PolicyArn=policy)
    api.DeleteUserPolicy(**user, PolicyName="inline")
    api.DeleteUser(**user)
    api.DeletePolicyVersion(PolicyArn=policy, VersionId="v2")
    api.DeletePolicy(PolicyArn=policy)


def s3():
    from botocore.config import Config

    api = Api("s3", Config(s3={"addressing_style": "path"}))
    bucket, item = {"Bucket": "tour"}, {"Bucket": "tour", "Key": "a/b.tfstate"}
    api.CreateBucket(**bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    api.HeadBucket(**bucket)
    api.ListBuckets()
    api.GetBucketLocation(**bucket)
    api.GetBucketVersioning(**bucket)
    api.PutBucketVersioning(**bucket, VersioningConfiguration={"Status": "Enabled"})
    api.GetBucketVersioning(**bucket)
    api.GetBucketAcl(**bucket)
    api.refuses("AccessControlListNotSupported", "PutBucketAcl", **bucket, ACL="public-read")
    api.PutBucketAcl(**bucket, ACL="private")
    api.refuses("NoSuchBucketPolicy", "GetBucketPolicy", **bucket)
    statement = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "s3:*", "Resource": "arn:aws:s3:::tour"}
    api.PutBucketPolicy(**bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    api.GetBucketPolicy(**bucket)
    api.GetBucketPolicyStatus(**bucket)
    api.DeleteBucketPolicy(**bucket)
    api.GetPublicAccessBlock(**bucket)
    block = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True}
    api.PutPublicAccessBlock(**bucket, PublicAccessBlockConfiguration={**block, "RestrictPublicBuckets": True})
    api.DeletePublicAccessBlock(**bucket)
    api.GetBucketEncryption(**bucket)
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}, "BucketKeyEnabled": True}
    api.PutBucketEncryption(**bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    api.GetBucketEncryption(**bucket)
    api.DeleteBucketEncryption(**bucket)
    tags = {"TagSet": [{"Key": "team", "Value": "platform"}]}
    api.PutBucketTagging(**bucket, Tagging=tags)
    api.GetBucketTagging(**bucket)
    api.DeleteBucketTagging(**bucket)
    lifecycle = {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 30}}
    api.PutBucketLifecycleConfiguration(**bucket, LifecycleConfiguration={"Rules": [lifecycle]})
    api.GetBucketLifecycleConfiguration(**bucket)
    api.DeleteBucketLifecycle(**bucket)
    api.PutBucketOwnershipControls(**bucket, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]})
    api.GetBucketOwnershipControls(**bucket)
    api.DeleteBucketOwnershipControls(**bucket)
    cors = {"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["https://example.com"]}]}
    api.PutBucketCors(**bucket, CORSConfiguration=cors)
    api.GetBucketCors(**bucket)
    api.DeleteBucketCors(**bucket)
    api.PutBucketWebsite(**bucket, WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}})
    api.GetBucketWebsite(**bucket)
    api.DeleteBucketWebsite(**bucket)
    replication = {
        "Role": f"arn:aws:iam::{ACCOUNT}:role/tour",
        "Rules": [{"Status": "Enabled", "Prefix": "", "Destination": {"Bucket": "arn:aws:s3:::copy"}}],
    }
    api.PutBucketReplication(**bucket, ReplicationConfiguration=replication)
    api.GetBucketReplication(**bucket)
    api.DeleteBucketReplication(**bucket)
    api.GetBucketLogging(**bucket)
    api.PutBucketLogging(**bucket, BucketLoggingStatus={})
    api.PutBucketAccelerateConfiguration(**bucket, AccelerateConfiguration={"Status": "Suspended"})
    api.GetBucketAccelerateConfiguration(**bucket)
    api.GetBucketRequestPayment(**bucket)
    api.PutBucketRequestPayment(**bucket, RequestPaymentConfiguration={"Payer": "BucketOwner"})
    api.PutBucketNotificationConfiguration(**bucket, NotificationConfiguration={})
    api.GetBucketNotificationConfiguration(**bucket)
    api.refuses("ObjectLockConfigurationNotFoundError", "GetObjectLockConfiguration", **bucket)
    api.CreateBucket(
        Bucket="tour-locked",
        ObjectLockEnabledForBucket=True,
        CreateBucketConfiguration={"LocationConstraint": "eu-west-1"},
    )
    lock = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}}}
    api.PutObjectLockConfiguration(Bucket="tour-locked", ObjectLockConfiguration=lock)
    api.GetObjectLockConfiguration(Bucket="tour-locked")

    put = api.PutObject(**item, Body=b"{}", Metadata={"a": "1"}, ContentType="application/json", Tagging="a=b")
    api.PutObject(**item, Body=b"{}", ServerSideEncryption="AES256", ChecksumAlgorithm="SHA256")
    api.GetObject(**item, ChecksumMode="ENABLED")["Body"].read()
    api.HeadObject(**item, VersionId=put["VersionId"])
    api.GetObjectAttributes(**item, ObjectAttributes=["ETag", "Checksum", "ObjectSize", "StorageClass"])
    api.CopyObject(Bucket="tour", Key="copy", CopySource={**item})
    api.ListObjects(**bucket, Delimiter="/")
    api.ListObjectsV2(**bucket, FetchOwner=True, MaxKeys=1)
    api.GetObjectAcl(**item)
    api.PutObjectAcl(**item, ACL="bucket-owner-full-control")
    api.PutObjectTagging(**item, Tagging=tags)
    api.GetObjectTagging(**item)
    api.DeleteObjectTagging(**item)
    api.refuses("InvalidRequest", "GetObjectRetention", **item)
    api.refuses("InvalidRequest", "GetObjectLegalHold", **item)
    api.DeleteObject(**item)
    api.ListObjectVersions(**bucket, MaxKeys=2)
    api.DeleteObjects(
        **bucket, Delete={"Objects": [{"Key": "copy"}, {"Key": item["Key"], "VersionId": put["VersionId"]}]}
    )
    api.ListObjectVersions(**bucket)
    upload = {**item, "UploadId": api.CreateMultipartUpload(**item)["UploadId"]}
    api.ListMultipartUploads(**bucket)
    part = api.UploadPart(**upload, PartNumber=1, Body=b"part")["ETag"]
    api.ListParts(**upload)
    api.CompleteMultipartUpload(**upload, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part}]})
    api.AbortMultipartUpload(**{**item, "UploadId": api.CreateMultipartUpload(**item)["UploadId"]})
    api.refuses("NoSuchKey", "GetObject", Bucket="tour", Key="none")
    api.refuses("BucketNotEmpty", "DeleteBucket", **bucket)
    api.DeleteBucket(Bucket="tour-locked")


def dynamodb():
    api = Api("dynamodb")
    table = {"TableName": "tour"}
    made = api.CreateTable(
        **table,
        KeySchema=[{"AttributeName": "LockID", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "LockID", "AttributeType": "S"}],
        ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
        SSESpecification={"Enabled": True},
        Tags=[{"Key": "team", "Value": "platform"}],
    )
    arn = {"ResourceArn": made["TableDescription"]["TableArn"]}
    control("/clock", {"advanceSeconds": 5})
    api.DescribeTable(**table)
    api.ListTables(Limit=1)
    api.UpdateTable(**table, BillingMode="PAY_PER_REQUEST")
    key = {"LockID": {"S": "a"}}
    item = {**key, "n": {"N": "1.50"}, "l": {"L": [{"BOOL": True}, {"NULL": True}]}}
    api.PutItem(**table, Item=item, ReturnConsumedCapacity="TOTAL")
    api.GetItem(**table, Key=key, ReturnConsumedCapacity="TOTAL")
    api.UpdateItem(
        **table,
        Key=key,
        UpdateExpression="SET n = n + :one, b = :b",
        ExpressionAttributeValues={":one": {"N": "1"}, ":b": {"B": b"x"}},
        ReturnValues="ALL_NEW",
    )
    api.Query(**table, KeyConditionExpression="LockID = :a", ExpressionAttributeValues={":a": {"S": "a"}})
    api.Scan(**table, ReturnConsumedCapacity="TOTAL")
    absent = "attribute_not_exists(LockID)"
    api.refuses("ConditionalCheckFailedException", "PutItem", **table, Item=key, ConditionExpression=absent)
    api.DeleteItem(**table, Key=key, ReturnValues="ALL_OLD")
    api.ListTagsOfResource(**arn)
    api.TagResource(**arn, Tags=[{"Key": "a", "Value": "b"}])
    api.UntagResource(**arn, TagKeys=["a"])
    api.DescribeTimeToLive(**table)
    api.UpdateTimeToLive(**table, TimeToLiveSpecification={"Enabled": True, "AttributeName": "until"})
    api.DescribeTimeToLive(**table)
    api.UpdateContinuousBackups(**table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})
    api.DescribeContinuousBackups(**table)
    statement = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "dynamodb:*"}
    statement["Resource"] = arn["ResourceArn"]
    api.PutResourcePolicy(**arn, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    api.GetResourcePolicy(**arn)
    api.DeleteResourcePolicy(**arn)
    api.DeleteTable(**table)


def kms():
    api = Api("kms")
    made = api.CreateKey(Description="d", Tags=[{"TagKey": "team", "TagValue": "platform"}])["KeyMetadata"]
    key = {"KeyId": made["KeyId"]}
    api.DescribeKey(**key)
    api.ListKeys(Limit=1)
    api.UpdateKeyDescription(**key, Description="e")
    api.EnableKeyRotation(**key)
    api.GetKeyRotationStatus(**key)
    api.DisableKeyRotation(**key)
    api.RotateKeyOnDemand(**key)
    api.TagResource(**key, Tags=[{"TagKey": "a", "TagValue": "b"}])
    api.ListResourceTags(**key)
    api.UntagResource(**key, TagKeys=["a"])
    policy = api.GetKeyPolicy(**key, PolicyName="default")["Policy"]
    api.PutKeyPolicy(**key, PolicyName="default", Policy=policy)
    api.ListKeyPolicies(**key)
    api.CreateAlias(AliasName="alias/tour", TargetKeyId=made["KeyId"])
    api.UpdateAlias(AliasName="alias/tour", TargetKeyId=made["KeyId"])
    api.ListAliases()
    box = api.Encrypt(**key, Plaintext=b"x", EncryptionContext={"a": "b"})["CiphertextBlob"]
    api.Decrypt(CiphertextBlob=box, EncryptionContext={"a": "b"})
    api.ReEncrypt(CiphertextBlob=box, SourceEncryptionContext={"a": "b"}, DestinationKeyId="alias/tour")
    api.GenerateDataKey(**key, KeySpec="AES_256")
    api.GenerateDataKeyWithoutPlaintext(**key, KeySpec="AES_256")
    api.GenerateRandom(NumberOfBytes=8)
    own = f"arn:aws:iam::{ACCOUNT}:user/administrator"
    grant = {"GranteePrincipal": own, "RetiringPrincipal": own, "Operations": ["Decrypt"], "Name": "n"}
    first = api.CreateGrant(**key, **grant, Constraints={"EncryptionContextSubset": {"a": "b"}})["GrantId"]
    api.ListGrants(**key)
    api.RevokeGrant(**key, GrantId=first)
    api.RetireGrant(GrantToken=api.CreateGrant(**key, **grant)["GrantToken"])
    api.DisableKey(**key)
    api.refuses("DisabledException", "Encrypt", **key, Plaintext=b"x")
    api.EnableKey(**key)
    api.DeleteAlias(AliasName="alias/tour")
    api.ScheduleKeyDeletion(**key, PendingWindowInDays=7)
    api.DescribeKey(**key)
    api.CancelKeyDeletion(**key)


def sso_oidc():
    api = Api("sso-oidc")
    client = api.RegisterClient(clientName="tour", clientType="public", scopes=["sso:account:access"])
    client = {name: client[name] for name in ("clientId", "clientSecret")}
    device = api.StartDeviceAuthorization(**client, startUrl=PORTAL)
    grant = {"grantType": "urn:ietf:params:oauth:grant-type:device_code", "deviceCode": device["deviceCode"]}
    api.refuses("AuthorizationPendingException", "CreateToken", **client, **grant)
    control("/sign-ins", {"userCode": device["userCode"], "userName": "dev"})
    control("/clock", {"advanceSeconds": 2})
    return api.CreateToken(**client, **grant)["accessToken"]


def sso(token):
    api = Api("sso")
    api.ListAccounts(accessToken=token, maxResults=1)
    api.ListAccountRoles(accessToken=token, accountId=OTHER)
    api.GetRoleCredentials(accessToken=token, accountId=OTHER, roleName="Administrator")
    api.Logout(accessToken=token)
    api.refuses("UnauthorizedException", "ListAccounts", accessToken=token)


def identity_store(store):
    api = Api("identitystore")
    own = {"IdentityStoreId": store}
    name = {"GivenName": "Eve", "FamilyName": "Example"}
    user = api.CreateUser(
        **own,
        UserName="eve",
        DisplayName="Eve",
        Name=name,
        Emails=[{"Value": "eve@example.com", "Primary": True, "Type": "work"}],
    )["UserId"]
    api.DescribeUser(**own, UserId=user)
    api.ListUsers(**own, MaxResults=1)
    api.ListUsers(**own, Filters=[{"AttributePath": "UserName", "AttributeValue": "eve"}])
    unique = {"UniqueAttribute": {"AttributePath": "userName", "AttributeValue": "eve"}}
    api.GetUserId(**own, AlternateIdentifier=unique)
    api.UpdateUser(**own, UserId=user, Operations=[{"AttributePath": "title", "AttributeValue": "Dr"}])
    group = api.CreateGroup(**own, DisplayName="tourists", Description="d")["GroupId"]
    api.DescribeGroup(**own, GroupId=group)
    api.ListGroups(**own)
    unique = {"UniqueAttribute": {"AttributePath": "displayName", "AttributeValue": "tourists"}}
    api.GetGroupId(**own, AlternateIdentifier=unique)
    api.UpdateGroup(**own, GroupId=group, Operations=[{"AttributePath": "description", "AttributeValue": "e"}])
    member = {"GroupId": group, "MemberId": {"UserId": user}}
    membership = api.CreateGroupMembership(**own, **member)["MembershipId"]
    api.DescribeGroupMembership(**own, MembershipId=membership)
    api.GetGroupMembershipId(**own, **member)
    api.ListGroupMemberships(**own, GroupId=group)
    api.ListGroupMembershipsForMember(**own, MemberId={"UserId": user})
    api.IsMemberInGroups(**own, MemberId={"UserId": user}, GroupIds=[group])
    api.refuses("ConflictException", "CreateUser", **own, UserName="eve", DisplayName="Eve", Name=name)
    return user, group, lambda: (
        api.DeleteGroupMembership(**own, MembershipId=membership),
        api.DeleteGroup(**own, GroupId=group),
        api.DeleteUser(**own, UserId=user),
    )


def sso_admin():
    api = Api("sso-admin")
    instance = api.ListInstances()["Instances"][0]
    own = {"InstanceArn": instance["InstanceArn"]}
    api.DescribeInstance(**own)
    api.UpdateInstance(**own, Name="acme")
    attributes = {"AccessControlAttributes": [{"Key": "team", "Value": {"Source": ["${path:enterprise.department}"]}}]}
    attributes = {"InstanceAccessControlAttributeConfiguration": attributes}
    api.CreateInstanceAccessControlAttributeConfiguration(**own, **attributes)
    api.UpdateInstanceAccessControlAttributeConfiguration(**own, **attributes)
    api.DescribeInstanceAccessControlAttributeConfiguration(**own)
    api.DeleteInstanceAccessControlAttributeConfiguration(**own)
    user, group, clean = identity_store(instance["IdentityStoreId"])
    tags = [{"Key": "team", "Value": "platform"}]
    made = api.CreatePermissionSet(
        **own, Name="Tour", Description="d", SessionDuration="PT2H", RelayState="https://example.com", Tags=tags
    )
    one = {**own, "PermissionSetArn": made["PermissionSet"]["PermissionSetArn"]}
    api.DescribePermissionSet(**one)
    api.ListPermissionSets(**own, MaxResults=1)
    api.UpdatePermissionSet(**one, Description="e")
    api.PutInlinePolicyToPermissionSet(**one, InlinePolicy=POLICY)
    api.GetInlinePolicyForPermissionSet(**one)
    api.AttachManagedPolicyToPermissionSet(**one, ManagedPolicyArn=READ_ONLY)
    api.ListManagedPoliciesInPermissionSet(**one)
    reference = {"CustomerManagedPolicyReference": {"Name": "extra", "Path": "/"}}
    api.AttachCustomerManagedPolicyReferenceToPermissionSet(**one, **reference)
    api.ListCustomerManagedPolicyReferencesInPermissionSet(**one)
    api.DetachCustomerManagedPolicyReferenceFromPermissionSet(**one, **reference)
    api.PutPermissionsBoundaryToPermissionSet(**one, PermissionsBoundary={"ManagedPolicyArn": READ_ONLY})
    api.GetPermissionsBoundaryForPermissionSet(**one)
    api.DeletePermissionsBoundaryFromPermissionSet(**one)
    assignment = {**one, "TargetType": "AWS_ACCOUNT", "PrincipalType": "GROUP", "PrincipalId": group}
    begun = api.CreateAccountAssignment(**assignment, TargetId=OTHER)["AccountAssignmentCreationStatus"]
    control("/clock", {"advanceSeconds": 5})
    creation = {**own, "AccountAssignmentCreationRequestId": begun["RequestId"]}
    api.DescribeAccountAssignmentCreationStatus(**creation)
    api.ListAccountAssignmentCreationStatus(**own)
    api.ListAccountAssignments(**one, AccountId=OTHER)
    api.ListAccountAssignmentsForPrincipal(**own, PrincipalId=group, PrincipalType="GROUP")
    api.PutInlinePolicyToPermissionSet(**one, InlinePolicy=POLICY.replace("GetObject", "PutObject"))
    begun = api.ProvisionPermissionSet(**one, TargetType="ALL_PROVISIONED_ACCOUNTS")["PermissionSetProvisioningStatus"]
    control("/clock", {"advanceSeconds": 5})
    api.DescribePermissionSetProvisioningStatus(**own, ProvisionPermissionSetRequestId=begun["RequestId"])
    api.ListPermissionSetProvisioningStatus(**own)
    api.ListAccountsForProvisionedPermissionSet(**one)
    api.ListPermissionSetsProvisionedToAccount(**own, AccountId=OTHER)
    resource = {**own, "ResourceArn": one["PermissionSetArn"]}
    api.TagResource(**resource, Tags=tags)
    api.ListTagsForResource(**resource)
    api.UntagResource(**resource, TagKeys=["team"])
    api.refuses("ConflictException", "DeletePermissionSet", **one)
    begun = api.DeleteAccountAssignment(**assignment, TargetId=OTHER)["AccountAssignmentDeletionStatus"]
    control("/clock", {"advanceSeconds": 5})
    api.DescribeAccountAssignmentDeletionStatus(**own, AccountAssignmentDeletionRequestId=begun["RequestId"])
    api.ListAccountAssignmentDeletionStatus(**own)
    api.DetachManagedPolicyFromPermissionSet(**one, ManagedPolicyArn=READ_ONLY)
    api.DeleteInlinePolicyFromPermissionSet(**one)
    api.DeletePermissionSet(**one)
    clean()


def organizations():
    api = Api("organizations")
    api.DescribeOrganization()
    root = api.ListRoots()["Roots"][0]["Id"]
    api.ListAccounts(MaxResults=1)
    api.DescribeAccount(AccountId=OTHER)
    api.ListAccountsForParent(ParentId=root)
    unit = api.CreateOrganizationalUnit(ParentId=root, Name="tour")["OrganizationalUnit"]["Id"]
    api.DescribeOrganizationalUnit(OrganizationalUnitId=unit)
    api.UpdateOrganizationalUnit(OrganizationalUnitId=unit, Name="trip")
    api.ListOrganizationalUnitsForParent(ParentId=root)
    api.ListChildren(ParentId=root, ChildType="ACCOUNT")
    api.MoveAccount(AccountId=OTHER, SourceParentId=root, DestinationParentId=unit)
    api.ListParents(ChildId=OTHER)
    api.MoveAccount(AccountId=OTHER, SourceParentId=unit, DestinationParentId=root)
    begun = api.CreateAccount(Email="new@example.com", AccountName="new")["CreateAccountStatus"]["Id"]
    api.DescribeCreateAccountStatus(CreateAccountRequestId=begun)
    control("/clock", {"advanceSeconds": 5})
    api.DescribeCreateAccountStatus(CreateAccountRequestId=begun)
    api.EnablePolicyType(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    made = api.CreatePolicy(
        Name="tour", Description="d", Type="SERVICE_CONTROL_POLICY", Content=POLICY, Tags=[{"Key": "a", "Value": "b"}]
    )
    policy = {"PolicyId": made["Policy"]["PolicySummary"]["Id"]}
    api.DescribePolicy(**policy)
    api.UpdatePolicy(**policy, Description="e")
    api.ListPolicies(Filter="SERVICE_CONTROL_POLICY")
    api.AttachPolicy(**policy, TargetId=unit)
    api.ListPoliciesForTarget(TargetId=unit, Filter="SERVICE_CONTROL_POLICY")
    api.ListTargetsForPolicy(**policy)
    api.DetachPolicy(**policy, TargetId=unit)
    api.TagResource(ResourceId=policy["PolicyId"], Tags=[{"Key": "c", "Value": "d"}])
    api.ListTagsForResource(ResourceId=policy["PolicyId"])
    api.UntagResource(ResourceId=policy["PolicyId"], TagKeys=["c"])
    api.DeletePolicy(**policy)
    api.DisablePolicyType(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    service = {"ServicePrincipal": "sso.amazonaws.com"}
    api.EnableAWSServiceAccess(**service)
    api.ListAWSServiceAccessForOrganization()
    api.RegisterDelegatedAdministrator(**service, AccountId=OTHER)
    api.ListDelegatedAdministrators()
    api.ListDelegatedServicesForAccount(AccountId=OTHER)
    api.DeregisterDelegatedAdministrator(**service, AccountId=OTHER)
    api.DisableAWSServiceAccess(**service)
    api.DeleteOrganizationalUnit(OrganizationalUnitId=unit)
    api.refuses("PolicyNotFoundException", "DescribePolicy", PolicyId="p-12345678")


def cloudtrail():
    from botocore.config import Config

    api, storage = Api("cloudtrail"), Api("s3", Config(s3={"addressing_style": "path"}))
    storage.CreateBucket(Bucket="tour-trail", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    principal, source = {"Service": "cloudtrail.amazonaws.com"}, f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/tour"
    condition = {"StringEquals": {"aws:SourceArn": source}}
    allow = {"Effect": "Allow", "Principal": principal, "Condition": condition}
    statements = [
        {**allow, "Action": "s3:GetBucketAcl", "Resource": "arn:aws:s3:::tour-trail"},
        {**allow, "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::tour-trail/AWSLogs/{ACCOUNT}/*"},
    ]
    storage.PutBucketPolicy(
        Bucket="tour-trail", Policy=json.dumps({"Version": "2012-10-17", "Statement": statements})
    )
    made = api.CreateTrail(
        Name="tour",
        S3BucketName="tour-trail",
        IsMultiRegionTrail=True,
        EnableLogFileValidation=True,
        TagsList=[{"Key": "team", "Value": "platform"}],
    )
    trail = {"Name": "tour"}
    api.StartLogging(**trail)
    control("/clock", {"advanceSeconds": 3600})
    control("/trails/deliver", {})
    api.GetTrailStatus(**trail)
    api.StopLogging(**trail)
    api.GetTrailStatus(**trail)
    api.DescribeTrails()
    api.GetTrail(**trail)
    api.ListTrails()
    selector = {"ReadWriteType": "All", "IncludeManagementEvents": True}
    data = [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}]
    api.PutEventSelectors(TrailName="tour", EventSelectors=[{**selector, "DataResources": data}])
    api.GetEventSelectors(TrailName="tour")
    field = {"Field": "eventCategory", "Equals": ["Management"]}
    api.PutEventSelectors(TrailName="tour", AdvancedEventSelectors=[{"Name": "m", "FieldSelectors": [field]}])
    api.GetEventSelectors(TrailName="tour")
    api.LookupEvents(MaxResults=50)
    api.ListPublicKeys()
    api.AddTags(ResourceId=made["TrailARN"], TagsList=[{"Key": "a", "Value": "b"}])
    api.ListTags(ResourceIdList=[made["TrailARN"]])
    api.RemoveTags(ResourceId=made["TrailARN"], TagsList=[{"Key": "a", "Value": "b"}])
    api.UpdateTrail(**trail, IsMultiRegionTrail=False)
    api.DeleteTrail(**trail)
    api.refuses("TrailNotFoundException", "GetTrail", **trail)


def blind_spots():
    """What the check itself does not see in answers that are wrong in every way it knows."""
    key = {"Arn": 1, "Enabled": "x", "CreationDate": "2020", "Foo": 1, "KeyState": "Weird"}
    space = "https://iam.amazonaws.com/doc/2010-05-08/"
    user = "<Path>/</Path><Foo/><UserId>short</UserId><CreateDate>now</CreateDate><Tags><entry/></Tags>"
    wrong = {
        ("kms", "DescribeKey", 6): json.dumps({"KeyMetadata": key}),
        ("iam", "GetUser", 9): f'<GetUserResponse xmlns="{space}"><GetUserResult><User>{user}</User></GetUserResult>'
        "</GetUserResponse>",
        ("s3", "ListObjectsV2", 6): "<List><IsTruncated>no</IsTruncated><Contents><Size>x</Size><Foo/></Contents>"
        "<Contents><Size>1</Size></Contents><KeyCount>x</KeyCount></List>",
        ("sso", "ListAccounts", 1): '{"accountList":[{"accountId":5}]}',
    }
    for (service, operation, count), body in wrong.items():
        model = session.get_service_model(service).operation_model(operation)
        found = misfits(model, {"headers": {}, "body": body.encode()})
        if len(found) != count:
            yield f"the check finds {len(found)}, not {count} faults in a wrong {operation}: {found}"


def main():
    problems.extend(blind_spots())
    for part in (sts, iam, s3, dynamodb, kms, lambda: sso(sso_oidc()), sso_admin, organizations, cloudtrail):
        try:
            part()
        except (ClientError, ParamValidationError, UnknownServiceError, KeyError, OSError) as error:
            line = error.__traceback__.tb_next
            while line.tb_next and line.tb_next.tb_frame.f_code.co_filename == __file__:
                line = line.tb_next
            problems.append(f"tour.py:{line.tb_lineno}: {type(error).__name__}: {error}")
    json.dump(
        {"answered": {name: sorted(all) for name, all in answered.items()}, "refused": refused, "problems": problems},
        sys.stdout,
    )


main()
