/**
 * What changed in `terraform-aws-modules/vpc/aws` between 3.18.1 and 5.16.0, from comparing `variables.tf` of the two
 * releases (https://github.com/terraform-aws-modules/terraform-aws-vpc). All of it changed at 4.0.0; 5.0 to 5.16 neither
 * removed a variable nor changed a default. That the plan stays empty is a comparison of defaults, not a run.
 */

/** Gone; none had an effect since EC2-Classic ended. `default_vpc_enable_classiclink` is not in the module's own upgrade guide. */
export const removedInputs = [
  'enable_classiclink',
  'enable_classiclink_dns_support',
  'default_vpc_enable_classiclink',
] as const;

/** Split into one input per kind of subnet. */
export const assignIpv6Input = 'assign_ipv6_address_on_creation';
export const assignIpv6Successors: readonly { readonly subnets: string; readonly input: string }[] = [
  'public',
  'private',
  'database',
  'redshift',
  'elasticache',
  'intra',
  'outpost',
].map((kind) => ({ subnets: `${kind}_subnets`, input: `${kind}_subnet_assign_ipv6_address_on_creation` }));

export interface OldDefault {
  readonly input: string;
  /** As it was in 3.18.1. */
  readonly value: string | boolean;
  /** It only matters when the caller sets one of these; always when absent. */
  readonly when?: readonly string[];
}

export const oldDefaults: readonly OldDefault[] = [
  { input: 'cidr', value: '0.0.0.0/0' },
  { input: 'enable_dns_hostnames', value: false },
  { input: 'map_public_ip_on_launch', value: true, when: ['public_subnets'] },
  { input: 'manage_default_security_group', value: false },
  { input: 'manage_default_route_table', value: false },
  { input: 'manage_default_network_acl', value: false },
  { input: 'default_vpc_enable_dns_hostnames', value: false, when: ['manage_default_vpc'] },
  { input: 'flow_log_file_format', value: 'plain-text', when: ['enable_flow_log'] },
];
