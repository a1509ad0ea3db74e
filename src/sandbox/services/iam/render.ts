/** IAM's entities in the shapes of its service model. */
import type { World } from '../../core/world.ts';
import type { IamRole, IamUser, ManagedPolicy, PolicyHolder, PolicyVersion } from './state.ts';
import { renderTags } from './tags.ts';
import { renderBound } from './trust-principals.ts';

type Shape = Readonly<Record<string, unknown>>;

/** Documents travel percent-encoded (RFC 3986). */
export function renderDocument(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Lists leave out tags, boundary and last use. */
export function renderUser(user: IamUser, detail: 'full' | 'listed' = 'full'): Shape {
  return {
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: user.arn,
    CreateDate: new Date(user.createdAt),
    ...(detail === 'full' ? { PermissionsBoundary: boundaryOf(user), ...tagsOf(user) } : {}),
  };
}

export function renderRole(world: World, role: IamRole, detail: 'full' | 'listed' = 'full'): Shape {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: new Date(role.createdAt),
    AssumeRolePolicyDocument: renderDocument(renderBound(world, role.trust)),
    Description: role.description,
    MaxSessionDuration: role.maxSessionDuration,
    ...(detail === 'full'
      ? { PermissionsBoundary: boundaryOf(role), ...tagsOf(role), RoleLastUsed: lastUsed(role) }
      : {}),
  };
}

export function lastUsed({ lastUsed: used }: IamRole): Shape {
  return used === undefined ? {} : { LastUsedDate: new Date(used.at), Region: used.region };
}

export function boundaryOf({ boundary }: PolicyHolder): Shape | undefined {
  return boundary === undefined ? undefined : { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: boundary };
}

export function tagsOf({ tags }: { readonly tags: PolicyHolder['tags'] }): Shape {
  return tags.length === 0 ? {} : { Tags: renderTags(tags) };
}

export interface PolicyUse {
  readonly attachments: number;
  readonly boundaries: number;
}

export function renderPolicy(policy: ManagedPolicy, use: PolicyUse, detail: 'full' | 'listed' = 'full'): Shape {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersionId,
    AttachmentCount: use.attachments,
    PermissionsBoundaryUsageCount: use.boundaries,
    IsAttachable: true,
    CreateDate: new Date(policy.createdAt),
    UpdateDate: new Date(Math.max(...policy.versions.map(({ createdAt }) => createdAt))),
    ...(detail === 'full' ? { Description: policy.description, ...tagsOf(policy) } : {}),
  };
}

export function renderVersion(policy: ManagedPolicy, version: PolicyVersion, withDocument: boolean): Shape {
  return {
    ...(withDocument ? { Document: renderDocument(version.text) } : {}),
    VersionId: version.versionId,
    IsDefaultVersion: version.versionId === policy.defaultVersionId,
    CreateDate: new Date(version.createdAt),
  };
}
