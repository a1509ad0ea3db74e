/**
 * The record of a key that a service used for its caller: CloudTrail shows it as the caller's, "AWS Internal". It is a
 * management event, so reads of encrypted objects leave a trace where no data events are recorded
 * (https://docs.aws.amazon.com/kms/latest/developerguide/ct-decrypt.html).
 */
import type { AwsError } from '../../core/aws-error.ts';
import type { Call } from '../../core/service.ts';
import { secondsOf } from '../cloudtrail/event-time.ts';
import { append } from '../cloudtrail/record.ts';
import type { CloudTrailRecord } from '../cloudtrail/state.ts';
import { foreignIdentityOf, userIdentityOf } from '../cloudtrail/user-identity.ts';
import type { KmsKey } from './state.ts';
import type { ServiceKeyUse } from './use-for-service.ts';

const internal = 'AWS Internal';

/** One record in the account of the caller, and one in that of the key. */
export function recordServiceUse(call: Call, key: KmsKey, use: ServiceKeyUse, refusal: AwsError | undefined): void {
  const { world, caller } = call;
  if (caller.kind === 'anonymous') return;
  const recipients = [...new Set([caller.account, key.account])];
  const shared = recipients.length > 1 ? { sharedEventID: world.ids.uuid() } : {};
  for (const recipientAccountId of recipients) {
    const identity = recipientAccountId === caller.account ? userIdentityOf(caller) : foreignIdentityOf(caller);
    const record: CloudTrailRecord = {
      eventVersion: '1.11',
      userIdentity: { ...identity, invokedBy: internal },
      eventTime: secondsOf(call.time.now()),
      eventSource: 'kms.amazonaws.com',
      eventName: use.action.slice('kms:'.length),
      awsRegion: key.region,
      sourceIPAddress: internal,
      userAgent: internal,
      ...(refusal === undefined ? {} : { errorCode: refusal.code, errorMessage: refusal.message }),
      requestParameters: {
        encryptionContext: use.encryptionContext,
        ...(use.action === 'kms:Decrypt'
          ? { encryptionAlgorithm: 'SYMMETRIC_DEFAULT' }
          : { keyId: key.arn, keySpec: 'AES_256' }),
      },
      responseElements: null,
      requestID: world.ids.uuid(),
      eventID: world.ids.uuid(),
      readOnly: true,
      resources: [{ accountId: key.account, type: 'AWS::KMS::Key', ARN: key.arn }],
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId,
      ...shared,
      eventCategory: 'Management',
    };
    append(world.cloudtrail, record);
  }
}
