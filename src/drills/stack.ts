/**
 * The stack of a drill: resources that need no provider, one after the other, each with a marker on the disk once it is
 * made. So it can be counted what was made, what the bucket knows, and what only the disk knows.
 */
import { join } from 'node:path';
import type { Files } from '../ports/index.ts';
import { bucket, lockKey, type Stage, stateKey } from './stage.ts';

/** @param steps 0 for the stack as it was before the drill: with one resource, so that there is a state already */
export async function writeStack(stage: Stage, steps: number): Promise<void> {
  const { files } = stage.ports;
  await files.makeDirectory(join(stage.folder, 'made'));
  const resources = Array.from({ length: steps }, (_, index) => resourceText(index + 1));
  const text = [backendText, 'resource "terraform_data" "before" {}\n', ...resources].join('\n');
  await files.writeAtomic(join(stage.folder, 'main.tf'), text);
}

const backendText = `terraform {
  backend "s3" {
    bucket         = "${bucket}"
    key            = "${stateKey}"
    use_lockfile   = true
    use_path_style = true
  }
}
`;

/** `made/<n>` gets a line each time the resource is made. */
function resourceText(step: number): string {
  const after = step === 1 ? '' : `  depends_on = [terraform_data.step_${step - 1}]\n`;
  return `resource "terraform_data" "step_${step}" {
${after}  provisioner "local-exec" {
    command = "sleep $DRILL_STEP_SECONDS && echo made >> made/${step}"
  }
}
`;
}

/** How often each resource was made. */
export async function timesMade(stage: Stage): Promise<readonly number[]> {
  const { files } = stage.ports;
  const folder = join(stage.folder, 'made');
  const markers = await files.list(folder);
  return await Promise.all(
    markers.map(
      async ({ name }) =>
        Buffer.from(await files.read(join(folder, name)))
          .toString()
          .split('\n').length - 1,
    ),
  );
}

/** Resources in the newest state of the bucket. */
export function resourcesInBucket(stage: Stage): number {
  const version = newestVersion(stage, stateKey);
  return version === undefined ? 0 : countResources(version);
}

/** Resources in errored.tfstate; 0 without one. */
export async function resourcesOnDisk(stage: Stage): Promise<number> {
  const path = erroredState(stage);
  return (await exists(stage.ports.files, path)) ? countResources(await stage.ports.files.read(path)) : 0;
}

export function erroredState(stage: Stage): string {
  return join(stage.folder, 'errored.tfstate');
}

/** ARN of who wrote the state last, as CloudTrail recorded it from the given record on. */
export function stateWriter(stage: Stage, from: number): string | undefined {
  const record = stage.sandbox.world.cloudtrail.records
    .slice(from)
    .findLast(
      ({ eventName, errorCode, requestParameters }) =>
        eventName === 'PutObject' && errorCode === undefined && requestParameters?.key === stateKey,
    );
  return typeof record?.userIdentity.arn === 'string' ? record.userIdentity.arn : undefined;
}

/** Id of the lock, while there is one. */
export function lockId(stage: Stage): string | undefined {
  const body = newestVersion(stage, lockKey);
  if (body === undefined) return undefined;
  const { ID: id } = JSON.parse(Buffer.from(body).toString()) as { readonly ID?: unknown };
  return typeof id === 'string' ? id : '';
}

export async function exists(files: Files, path: string): Promise<boolean> {
  return (await files.stat(path)) !== undefined;
}

function newestVersion(stage: Stage, key: string): Uint8Array | undefined {
  const version = stage.sandbox.world.s3.buckets.get(bucket)?.objects.get(key)[0];
  return version === undefined || version.deleteMarker ? undefined : version.body;
}

/** Those of the steps; tainted ones count: they are there. */
function countResources(state: Uint8Array): number {
  const { resources = [] } = JSON.parse(Buffer.from(state).toString()) as { readonly resources?: { name: string }[] };
  return resources.filter(({ name }) => name.startsWith('step_')).length;
}
