/** ListPublicKeys: what digest files are checked with. */
import type { Operation } from '../../core/service.ts';
import { publicKeyOf } from './digest.ts';

export const listPublicKeysOperation: Operation = {
  readOnly: true,
  category: 'management',
  handle: async (call) => {
    call.authorize({ action: 'cloudtrail:ListPublicKeys', resource: '*' });
    const { signingKey } = call.world.cloudtrail;
    if (signingKey === undefined) return { PublicKeyList: [] };
    const { der, fingerprint } = await publicKeyOf(signingKey);
    return {
      PublicKeyList: [
        {
          Value: der,
          ValidityStartTime: new Date(signingKey.validFrom),
          ValidityEndTime: new Date(signingKey.validUntil),
          Fingerprint: fingerprint,
        },
      ],
    };
  },
};
