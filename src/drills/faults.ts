/** What drills break on the wire: which calls, until the drill is over. */
import type { FaultEffect, FaultTarget } from '../sandbox/index.ts';
import { type Stage, stateKey } from './stage.ts';

export const sts: FaultTarget = { service: 'sts' };
export const s3: FaultTarget = { service: 's3' };
export const portal: FaultTarget = { service: 'sso-portal', operation: 'GetRoleCredentials' };
export const stateWrite: FaultTarget = { service: 's3', method: 'PUT', pathEnd: `/${stateKey}` };
export const lockDelete: FaultTarget = { service: 's3', method: 'DELETE', pathEnd: '.tflock' };

export function addFault(stage: Stage, on: FaultTarget, effect: FaultEffect): void {
  stage.sandbox.faults.add({ id: 'drill', on, effect });
}
