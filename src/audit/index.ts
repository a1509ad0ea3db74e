export type {
  AuthenticationClass,
  Coverage,
  Credential,
  CredentialPlace,
  Finding,
  Inventory,
  Method,
  MethodKind,
  Summary,
  SuppressedFinding,
  UsedBy,
} from './inventory.ts';
