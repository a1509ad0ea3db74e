import type { Drill } from '../drill.ts';
import { roleChain } from '../sources/role-chain.ts';

export const keysExpireRoleChain: Drill = {
  id: 'keys-expire-role-chain',
  title: 'Role keys expire in mid apply: role chain',
  why: 'The same with a role assumed from another profile; those keys last 15 minutes unless told otherwise.',
  slow: false,
  source: roleChain,
  hourSeconds: 12,
  steps: 3,
  stepSeconds: 2,
  expected: { outcome: 'finished', lock: 'free', says: [] },
  remedy: 'Nothing: the SDK assumes the role again.',
};
