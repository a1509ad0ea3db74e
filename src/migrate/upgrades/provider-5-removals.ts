/**
 * What AWS provider 5 no longer has, as a table. Source: the provider's version 5 upgrade guide,
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/version-5-upgrade
 */

/** An argument that is taken out. `path` leads through nested blocks to the name. */
export interface RemovedArgument {
  readonly types: readonly string[];
  readonly path: readonly string[];
}

/** EC2-Classic was switched off in August 2022, so these arguments change nothing when they go. */
export const removedArguments: readonly RemovedArgument[] = [
  ...['enable_classiclink', 'enable_classiclink_dns_support'].map((name) => ({
    types: ['aws_vpc', 'aws_default_vpc'],
    path: [name],
  })),
  ...['accepter', 'requester'].flatMap((block) =>
    ['allow_classic_link_to_remote_vpc', 'allow_vpc_to_remote_classic_link'].map((name) => ({
      types: [
        'aws_vpc_peering_connection',
        'aws_vpc_peering_connection_accepter',
        'aws_vpc_peering_connection_options',
      ],
      path: [block, name],
    })),
  ),
  ...['vpc_classic_link_id', 'vpc_classic_link_security_groups'].map((name) => ({
    types: ['aws_launch_configuration'],
    path: [name],
  })),
];

/** Something only a person can replace. Without `argument` the whole resource or data source is gone. */
export interface ReportedRemoval {
  readonly types: readonly string[];
  readonly argument?: string;
  /** An argument is also reported where it stands as nested blocks. */
  readonly todo: string;
}

export const reportedRemovals: readonly ReportedRemoval[] = [
  {
    types: ['aws_db_security_group', 'aws_elasticache_security_group', 'aws_redshift_security_group'],
    todo: 'EC2-Classic is gone: use aws_security_group in a VPC, then remove this resource from code and state.',
  },
  {
    types: ['aws_db_instance', 'aws_elasticache_cluster', 'aws_elasticache_replication_group'],
    argument: 'security_group_names',
    todo: 'EC2-Classic is gone: name VPC security groups (vpc_security_group_ids, or security_group_ids for ElastiCache) instead.',
  },
  {
    types: ['aws_redshift_cluster'],
    argument: 'cluster_security_groups',
    todo: 'EC2-Classic is gone: name VPC security groups in vpc_security_group_ids instead.',
  },
  { types: ['aws_subnet_ids'], todo: 'Use data aws_subnets with a filter on vpc-id; its ids are a list.' },
  {
    types: ['aws_macie_member_account_association', 'aws_macie_s3_bucket_association'],
    todo: 'Macie Classic is gone: use the aws_macie2_* resources.',
  },
  {
    types: ['aws_autoscaling_group'],
    argument: 'tags',
    todo: 'Write one `tag { key, value, propagate_at_launch }` block per tag, or a dynamic "tag" block.',
  },
  { types: ['aws_acmpca_certificate_authority'], argument: 'status', todo: 'Use enabled.' },
  { types: ['aws_budgets_budget'], argument: 'cost_filters', todo: 'Write `cost_filter { name, values }` blocks.' },
  { types: ['aws_ce_anomaly_subscription'], argument: 'threshold', todo: 'Use threshold_expression.' },
  {
    types: ['aws_connect_queue'],
    argument: 'quick_connect_ids_associated',
    todo: 'Use quick_connect_ids.',
  },
  { types: ['aws_connect_routing_profile'], argument: 'queue_configs_associated', todo: 'Use queue_configs.' },
  {
    types: ['aws_connect_hours_of_operation'],
    argument: 'hours_of_operation_arn',
    todo: 'Use arn.',
  },
  {
    types: ['aws_ec2_client_vpn_network_association'],
    argument: 'security_groups',
    todo: 'Use security_group_ids of aws_ec2_client_vpn_endpoint.',
  },
  { types: ['aws_ecs_cluster'], argument: 'capacity_providers', todo: 'Use aws_ecs_cluster_capacity_providers.' },
  {
    types: ['aws_ecs_cluster'],
    argument: 'default_capacity_provider_strategy',
    todo: 'Use aws_ecs_cluster_capacity_providers.',
  },
  {
    types: ['aws_msk_cluster'],
    argument: 'ebs_volume_size',
    todo: 'Use storage_info { ebs_storage_info { volume_size } } in broker_node_group_info.',
  },
  {
    types: ['aws_secretsmanager_secret'],
    argument: 'rotation_lambda_arn',
    todo: 'Use aws_secretsmanager_secret_rotation.',
  },
  { types: ['aws_secretsmanager_secret'], argument: 'rotation_rules', todo: 'Use aws_secretsmanager_secret_rotation.' },
  {
    types: ['aws_wafv2_web_acl'],
    argument: 'excluded_rule',
    todo: 'Use rule_action_override with an action of count.',
  },
  {
    types: ['aws_identitystore_user', 'aws_identitystore_group'],
    argument: 'filter',
    todo: 'Use alternate_identifier.',
  },
  {
    types: ['aws_codebuild_project'],
    argument: 'auth',
    todo: 'Use aws_codebuild_source_credential.',
  },
  {
    types: ['aws_wafv2_web_acl_logging_configuration'],
    argument: 'all_query_arguments',
    todo: 'Use single_header, method, query_string or uri_path in redacted_fields.',
  },
  {
    types: ['aws_wafv2_web_acl_logging_configuration'],
    argument: 'body',
    todo: 'Use single_header, method, query_string or uri_path in redacted_fields.',
  },
  {
    types: ['aws_wafv2_web_acl_logging_configuration'],
    argument: 'single_query_argument',
    todo: 'Use single_header, method, query_string or uri_path in redacted_fields.',
  },
];

/** Arguments that stay but mean something else from 5.0 on. */
export interface ChangedBehaviour {
  readonly types: readonly string[];
  readonly argument: string;
  readonly text: string;
}

export const changedBehaviours: readonly ChangedBehaviour[] = [
  {
    types: ['aws_db_instance', 'aws_rds_cluster', 'aws_docdb_cluster', 'aws_neptune_cluster'],
    argument: 'snapshot_identifier',
    text: 'From provider 5 on, a change of snapshot_identifier replaces the database. Check that its value never changes by itself, or put it under ignore_changes.',
  },
];
