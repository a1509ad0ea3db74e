/** Every detector, one import and one line each, sorted by id. A test compares the list with the folder. */
import type { AnyDetector } from './detector.ts';
import { administratorPermissionSetForAll } from './detectors/administrator-permission-set-for-all.ts';
import { administratorPolicy } from './detectors/administrator-policy.ts';
import { atlantisRole } from './detectors/atlantis-role.ts';
import { atlantisStaticKey } from './detectors/atlantis-static-key.ts';
import { awsConfigProfile } from './detectors/aws-config-profile.ts';
import { awsConfigShadowedSso } from './detectors/aws-config-shadowed-sso.ts';
import { awsConfigSsoLegacy } from './detectors/aws-config-sso-legacy.ts';
import { awsConfigStaticKey } from './detectors/aws-config-static-key.ts';
import { azureOidc } from './detectors/azure-oidc.ts';
import { azureStaticKey } from './detectors/azure-static-key.ts';
import { backendAssumeRole } from './detectors/backend-assume-role.ts';
import { backendCustomerKey } from './detectors/backend-customer-key.ts';
import { backendDynamodbLock } from './detectors/backend-dynamodb-lock.ts';
import { backendHttpPassword } from './detectors/backend-http-password.ts';
import { backendOutdatedArguments } from './detectors/backend-outdated-arguments.ts';
import { backendProfile } from './detectors/backend-profile.ts';
import { backendSharedCredentialsFile } from './detectors/backend-shared-credentials-file.ts';
import { backendStaticKey } from './detectors/backend-static-key.ts';
import { backendToken } from './detectors/backend-token.ts';
import { backendUnencrypted } from './detectors/backend-unencrypted.ts';
import { backendWebIdentity } from './detectors/backend-web-identity.ts';
import { bedrockApiKey } from './detectors/bedrock-api-key.ts';
import { bitbucketOidc } from './detectors/bitbucket-oidc.ts';
import { bitbucketStaticKey } from './detectors/bitbucket-static-key.ts';
import { buildkiteOidc } from './detectors/buildkite-oidc.ts';
import { buildkiteStaticKey } from './detectors/buildkite-static-key.ts';
import { ciOidc } from './detectors/ci-oidc.ts';
import { ciStaticKey } from './detectors/ci-static-key.ts';
import { circleciOidc } from './detectors/circleci-oidc.ts';
import { circleciStaticKey } from './detectors/circleci-static-key.ts';
import { commentedOutKey } from './detectors/commented-out-key.ts';
import { composeStaticKey } from './detectors/compose-static-key.ts';
import { credentialFileName } from './detectors/credential-file-name.ts';
import { dockerfileStaticKey } from './detectors/dockerfile-static-key.ts';
import { documentationExampleKey } from './detectors/documentation-example-key.ts';
import { environmentProfile } from './detectors/environment-profile.ts';
import { environmentStaticKey } from './detectors/environment-static-key.ts';
import { environmentTemplateAsksForKey } from './detectors/environment-template-asks-for-key.ts';
import { githubActionStaticKey } from './detectors/github-action-static-key.ts';
import { githubCompositeActionStaticKey } from './detectors/github-composite-action-static-key.ts';
import { githubEnvironmentStaticKey } from './detectors/github-environment-static-key.ts';
import { githubForeignCodeWithAws } from './detectors/github-foreign-code-with-aws.ts';
import { githubKeyBesideRole } from './detectors/github-key-beside-role.ts';
import { githubOidc } from './detectors/github-oidc.ts';
import { githubOidcWithoutIdToken } from './detectors/github-oidc-without-id-token.ts';
import { githubPermissionsTooWide } from './detectors/github-permissions-too-wide.ts';
import { githubReusableWorkflowStaticKey } from './detectors/github-reusable-workflow-static-key.ts';
import { githubSecretsInherit } from './detectors/github-secrets-inherit.ts';
import { githubShellStaticKey } from './detectors/github-shell-static-key.ts';
import { githubThirdPartyStaticKey } from './detectors/github-third-party-static-key.ts';
import { gitlabOidc } from './detectors/gitlab-oidc.ts';
import { gitlabRetiredJobToken } from './detectors/gitlab-retired-job-token.ts';
import { gitlabStaticKey } from './detectors/gitlab-static-key.ts';
import { iamAccessKey } from './detectors/iam-access-key.ts';
import { iamLoginProfile } from './detectors/iam-login-profile.ts';
import { iamServiceSpecificCredential } from './detectors/iam-service-specific-credential.ts';
import { iamUser } from './detectors/iam-user.ts';
import { iamUserPermissions } from './detectors/iam-user-permissions.ts';
import { identityCenter } from './detectors/identity-center.ts';
import { jenkinsRole } from './detectors/jenkins-role.ts';
import { jenkinsStaticKey } from './detectors/jenkins-static-key.ts';
import { kubernetesExec } from './detectors/kubernetes-exec.ts';
import { kubernetesStaticKey } from './detectors/kubernetes-static-key.ts';
import { moduleSourceGitCredentials } from './detectors/module-source-git-credentials.ts';
import { moduleSourceProfile } from './detectors/module-source-profile.ts';
import { moduleSourceS3 } from './detectors/module-source-s3.ts';
import { moduleSourceS3ShortForm } from './detectors/module-source-s3-short-form.ts';
import { moduleSourceStaticKey } from './detectors/module-source-static-key.ts';
import { oidcProvider } from './detectors/oidc-provider.ts';
import { pipelineVariableStaticKey } from './detectors/pipeline-variable-static-key.ts';
import { providerAmbient } from './detectors/provider-ambient.ts';
import { providerAssumeRole } from './detectors/provider-assume-role.ts';
import { providerProfile } from './detectors/provider-profile.ts';
import { providerSharedCredentialsFile } from './detectors/provider-shared-credentials-file.ts';
import { providerStaticKey } from './detectors/provider-static-key.ts';
import { providerWebIdentity } from './detectors/provider-web-identity.ts';
import { providerWithoutAccountGuard } from './detectors/provider-without-account-guard.ts';
import { provisionerStaticKey } from './detectors/provisioner-static-key.ts';
import { remoteStateAssumeRole } from './detectors/remote-state-assume-role.ts';
import { remoteStateProfile } from './detectors/remote-state-profile.ts';
import { remoteStateStaticKey } from './detectors/remote-state-static-key.ts';
import { roleTrustWebIdentity } from './detectors/role-trust-web-identity.ts';
import { roleTrustsIamUser } from './detectors/role-trusts-iam-user.ts';
import { scriptStaticKey } from './detectors/script-static-key.ts';
import { shellProfile } from './detectors/shell-profile.ts';
import { shellStaticKey } from './detectors/shell-static-key.ts';
import { stateAmbient } from './detectors/state-ambient.ts';
import { stateBucketTrustsAccountRoot } from './detectors/state-bucket-trusts-account-root.ts';
import { stateStaticKey } from './detectors/state-static-key.ts';
import { staticAccessKey } from './detectors/static-access-key.ts';
import { suppressionExpired } from './detectors/suppression-expired.ts';
import { suppressionMalformed } from './detectors/suppression-malformed.ts';
import { terragruntAuthCommand } from './detectors/terragrunt-auth-command.ts';
import { terragruntIamRole } from './detectors/terragrunt-iam-role.ts';
import { tflintStaticKey } from './detectors/tflint-static-key.ts';
import { toolConfigStaticKey } from './detectors/tool-config-static-key.ts';
import { variableStaticKey } from './detectors/variable-static-key.ts';
import { vaultAwsLogin } from './detectors/vault-aws-login.ts';
import { vaultAwsSecrets } from './detectors/vault-aws-secrets.ts';
import { webIdentityTrustWithoutSubject } from './detectors/web-identity-trust-without-subject.ts';
import { workloadStaticKey } from './detectors/workload-static-key.ts';

export const detectors: readonly AnyDetector[] = [
  administratorPermissionSetForAll,
  administratorPolicy,
  atlantisRole,
  atlantisStaticKey,
  awsConfigProfile,
  awsConfigShadowedSso,
  awsConfigSsoLegacy,
  awsConfigStaticKey,
  azureOidc,
  azureStaticKey,
  backendAssumeRole,
  backendCustomerKey,
  backendDynamodbLock,
  backendHttpPassword,
  backendOutdatedArguments,
  backendProfile,
  backendSharedCredentialsFile,
  backendStaticKey,
  backendToken,
  backendUnencrypted,
  backendWebIdentity,
  bedrockApiKey,
  bitbucketOidc,
  bitbucketStaticKey,
  buildkiteOidc,
  buildkiteStaticKey,
  ciOidc,
  ciStaticKey,
  circleciOidc,
  circleciStaticKey,
  commentedOutKey,
  composeStaticKey,
  credentialFileName,
  dockerfileStaticKey,
  documentationExampleKey,
  environmentProfile,
  environmentStaticKey,
  environmentTemplateAsksForKey,
  githubActionStaticKey,
  githubCompositeActionStaticKey,
  githubEnvironmentStaticKey,
  githubForeignCodeWithAws,
  githubKeyBesideRole,
  githubOidc,
  githubOidcWithoutIdToken,
  githubPermissionsTooWide,
  githubReusableWorkflowStaticKey,
  githubSecretsInherit,
  githubShellStaticKey,
  githubThirdPartyStaticKey,
  gitlabOidc,
  gitlabRetiredJobToken,
  gitlabStaticKey,
  iamAccessKey,
  iamLoginProfile,
  iamServiceSpecificCredential,
  iamUser,
  iamUserPermissions,
  identityCenter,
  jenkinsRole,
  jenkinsStaticKey,
  kubernetesExec,
  kubernetesStaticKey,
  moduleSourceGitCredentials,
  moduleSourceProfile,
  moduleSourceS3,
  moduleSourceS3ShortForm,
  moduleSourceStaticKey,
  oidcProvider,
  pipelineVariableStaticKey,
  providerAmbient,
  providerAssumeRole,
  providerProfile,
  providerSharedCredentialsFile,
  providerStaticKey,
  providerWebIdentity,
  providerWithoutAccountGuard,
  provisionerStaticKey,
  remoteStateAssumeRole,
  remoteStateProfile,
  remoteStateStaticKey,
  roleTrustWebIdentity,
  roleTrustsIamUser,
  scriptStaticKey,
  shellProfile,
  shellStaticKey,
  stateAmbient,
  stateBucketTrustsAccountRoot,
  stateStaticKey,
  staticAccessKey,
  suppressionExpired,
  suppressionMalformed,
  terragruntAuthCommand,
  terragruntIamRole,
  tflintStaticKey,
  toolConfigStaticKey,
  variableStaticKey,
  vaultAwsLogin,
  vaultAwsSecrets,
  webIdentityTrustWithoutSubject,
  workloadStaticKey,
];
