/**
 * What AWS writes for a service beyond what the call itself says, where the operation has not noted it: which resources a
 * call touched, and the calls whose records differ from the common form.
 */
import { formatArn, parseArn } from '../../../aws/arn.ts';
import type { CallOutcome } from '../../core/call-outcome.ts';
import type { EventNotes } from '../../core/event-notes.ts';
import type { Input } from '../../core/service.ts';
import type { World } from '../../core/world.ts';
import { membersOf, wireResponseOf } from './elements.ts';
import { unknownIdentity, webIdentityUser } from './user-identity.ts';

type Resources = NonNullable<EventNotes['resources']>;

/** The notes that an operation made come after these and win. */
export function serviceNotes(world: World, outcome: CallOutcome): EventNotes {
  switch (outcome.call.service.id) {
    case 's3':
      return s3Notes(world, outcome);
    case 'sts':
      return stsNotes(outcome);
    case 'dynamodb':
      return dynamoDbNotes(world, outcome);
    case 'kms':
      return { resources: arnResource(outcome.input.KeyId, 'AWS::KMS::Key') };
    case 'sso-oidc':
    case 'sso-portal':
      return identityCenterNotes(world, outcome);
    default:
      return {};
  }
}

/** S3 records the query of the request, not its body. https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-understanding-s3-entries.html */
function s3Notes(world: World, outcome: CallOutcome): EventNotes {
  const { request, operation } = outcome.call;
  const input = outcome.input as { readonly Bucket?: unknown; readonly Key?: unknown };
  const bucketName = typeof input.Bucket === 'string' ? input.Bucket : undefined;
  const key = typeof input.Key === 'string' && input.Key !== '' ? input.Key : undefined;
  const owner = bucketName === undefined ? undefined : world.s3.buckets.get(bucketName)?.account;
  const bucketArn = `arn:${world.partition}:s3:::${bucketName}`;
  const account = owner === undefined ? {} : { accountId: owner };
  const readOnly = outcome.call.service.operations.get(operation)?.readOnly ?? true;
  const response = wireResponseOf(outcome.output);
  const named = Object.entries(response?.headers ?? {}).filter(
    ([name]) => name.startsWith('x-amz-') && name !== 'x-amz-request-id' && name !== 'x-amz-id-2',
  );
  return {
    eventName: s3EventNames[operation] ?? operation,
    requestParameters: {
      ...(bucketName === undefined ? {} : { bucketName }),
      Host: request.headers.host ?? request.host,
      ...(key === undefined ? {} : { key }),
      ...Object.fromEntries([...request.query].filter(([name]) => !name.startsWith('X-Amz-') && name !== 'x-id')),
      ...Object.fromEntries(
        Object.entries(request.headers).filter(([name]) => s3RecordedHeaders.has(name) && !readOnly),
      ),
    },
    responseElements: readOnly || named.length === 0 ? null : Object.fromEntries(named),
    additionalEventData: {
      SignatureVersion: 'SigV4',
      ...(request.secure ? { CipherSuite: 'TLS_AES_128_GCM_SHA256' } : {}),
      bytesTransferredIn: request.body.length,
      ...(outcome.call.caller.kind === 'anonymous'
        ? {}
        : { AuthenticationMethod: request.query.has('X-Amz-Signature') ? 'QueryString' : 'AuthHeader' }),
      bytesTransferredOut: response?.body.length ?? 0,
    },
    resources:
      bucketName === undefined
        ? []
        : [
            ...(key === undefined ? [] : [{ type: 'AWS::S3::Object', ARN: `${bucketArn}/${key}` }]),
            { ...account, type: 'AWS::S3::Bucket', ARN: bucketArn },
          ],
  };
}

/** Where the record's name is not the operation's. */
const s3EventNames: Readonly<Record<string, string>> = {
  ListObjectsV2: 'ListObjects',
  GetPublicAccessBlock: 'GetBucketPublicAccessBlock',
  PutPublicAccessBlock: 'PutBucketPublicAccessBlock',
  DeletePublicAccessBlock: 'DeleteBucketPublicAccessBlock',
};

const s3RecordedHeaders: ReadonlySet<string> = new Set([
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-acl',
  'if-none-match',
  'if-match',
]);

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html */
function stsNotes(outcome: CallOutcome): EventNotes {
  const { operation, region } = outcome.call;
  const notes: EventNotes = {
    additionalEventData: { RequestDetails: { awsServingRegion: region, endpointType: 'regional' } },
    resources: arnResource(outcome.input.RoleArn, 'AWS::IAM::Role'),
  };
  if (operation === 'GetCallerIdentity') return { ...notes, requestParameters: null, responseElements: null };
  if (!operation.startsWith('AssumeRole')) return notes;
  // Recorded as reads, and yet with their answer.
  const answered = { ...notes, responseElements: membersOf(outcome.output) };
  const token = operation === 'AssumeRoleWithWebIdentity' ? claimsOf(outcome.input.WebIdentityToken) : undefined;
  if (token === undefined) return answered;
  const account = accountOf(outcome.input.RoleArn) ?? outcome.call.account;
  const provider = formatArn({
    partition: outcome.call.world.partition,
    service: 'iam',
    region: '',
    account,
    resource: `oidc-provider/${token.issuer.replace(/^https:\/\//, '')}`,
  });
  return { ...answered, userIdentity: webIdentityUser({ ...token, provider }) };
}

/** What the token says of itself; it may have been refused. */
function claimsOf(token: unknown): { issuer: string; audience: string; subject: string } | undefined {
  if (typeof token !== 'string') return undefined;
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Input;
    const audience: unknown = Array.isArray(claims.aud) ? claims.aud[0] : claims.aud;
    return { issuer: String(claims.iss ?? ''), audience: String(audience ?? ''), subject: String(claims.sub ?? '') };
  } catch {
    return undefined;
  }
}

/** Items never enter a record, only the keys they have. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/logging-using-cloudtrail.html */
function dynamoDbNotes(world: World, { call, input }: CallOutcome): EventNotes {
  const name = typeof input.TableName === 'string' ? input.TableName : '';
  const arn = name.startsWith('arn:')
    ? name
    : formatArn({
        partition: world.partition,
        service: 'dynamodb',
        region: call.region,
        account: call.account,
        resource: `table/${name}`,
      });
  const table = world.dynamodb.tables.get(arn);
  const resources = name === '' ? [] : arnResource(arn, 'AWS::DynamoDB::Table');
  const { Item: item, Key: key, ExpressionAttributeValues: _, ...rest } = input;
  const source: unknown = key ?? item;
  if (!isStructure(source)) return { resources, requestParameters: rest };
  const names = table === undefined ? Object.keys(isStructure(key) ? key : {}) : [table.hashKey, table.rangeKey];
  const shown = names.flatMap((attribute) => {
    const value = attribute === undefined ? undefined : source[attribute];
    return isStructure(value) ? [[attribute, Object.values(value)[0]]] : [];
  });
  return { resources, requestParameters: { ...rest, key: Object.fromEntries(shown) }, responseElements: null };
}

function isStructure(value: unknown): value is Input {
  return typeof value === 'object' && value !== null;
}

/** Recorded in the account that runs Identity Center. Who it was the services note themselves, once they know. */
function identityCenterNotes(world: World, { call }: CallOutcome): EventNotes {
  const { ownerAccount, identityStoreId } = world.identityCenter;
  return {
    userIdentity: unknownIdentity(ownerAccount),
    recipientAccounts: [ownerAccount],
    resources:
      call.service.id === 'sso-oidc'
        ? [{ accountId: ownerAccount, type: 'IdentityStoreId', ARN: identityStoreId }]
        : [],
  };
}

function arnResource(arn: unknown, type: string): Resources {
  const account = accountOf(arn);
  return account === undefined ? [] : [{ accountId: account, type, ARN: arn as string }];
}

function accountOf(arn: unknown): string | undefined {
  const result = typeof arn === 'string' ? parseArn(arn) : undefined;
  return result?.ok === true && /^\d{12}$/.test(result.arn.account) ? result.arn.account : undefined;
}
