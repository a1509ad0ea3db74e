/**
 * A made-up Terraform estate of a given size, the same for the same seed: what the HCL benchmark reads. Blocks,
 * attributes, heredocs, templates and comments come in about the mix of public AWS repositories.
 */

export interface CorpusFile {
  readonly path: string;
  readonly text: string;
}

/** Files of 2 to 30 KiB that together have at least `bytes` characters (all of them ASCII, so bytes too). */
export function generateCorpus(bytes: number, seed: number): CorpusFile[] {
  const random = seeded(seed);
  const files: CorpusFile[] = [];
  for (let total = 0; total < bytes; ) {
    const wanted = 2048 + Math.floor(random() ** 2 * 28_672);
    let text = random() < 0.4 ? '# Managed by the platform team. Ask there before you change it.\n\n' : '';
    while (text.length < wanted) text += `${pick(random, sections)(random)}\n`;
    files.push({ path: `stack-${files.length}/main.tf`, text });
    total += text.length;
  }
  return files;
}

type Random = () => number;

/** mulberry32. */
function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function pick<Value>(random: Random, values: readonly Value[]): Value {
  return values[Math.floor(random() * values.length)] as Value;
}

function times(random: Random, least: number, most: number, make: (index: number) => string): string {
  const count = least + Math.floor(random() * (most - least + 1));
  return Array.from({ length: count }, (_, index) => make(index)).join('');
}

const words = ['api', 'web', 'worker', 'state', 'ledger', 'audit', 'edge', 'batch', 'search', 'mail', 'queue', 'cache'];
const stages = ['dev', 'live', 'shared', 'live-eu', 'live-dr'];
const regions = ['eu-west-1', 'eu-central-1', 'us-east-1', 'ap-southeast-2'];
const services = ['s3', 'sqs', 'sns', 'dynamodb', 'kms', 'ecr', 'logs', 'ssm'];

function name(random: Random): string {
  return `${pick(random, words)}_${pick(random, words)}`;
}

const sections: readonly ((random: Random) => string)[] = [
  variable,
  variable,
  output,
  locals,
  resource,
  resource,
  resource,
  securityGroup,
  securityGroup,
  policyDocument,
  jsonPolicy,
  moduleCall,
  moduleCall,
  userData,
  settings,
  dataSource,
];

function variable(random: Random): string {
  const subject = name(random);
  return `variable "${subject}_${pick(random, ['name', 'size', 'count', 'cidr'])}" {
  description = "What the ${subject.replace('_', ' ')} is called in ${pick(random, stages)}; must be unique in the account."
  type        = ${pick(random, ['string', 'number', 'list(string)', 'map(string)', 'object({ name = string, size = optional(number, 3) })'])}
  default     = ${pick(random, ['null', '"t3.medium"', '[]', '{}', '["10.0.0.0/16", "10.1.0.0/16"]', '42'])}
${random() < 0.3 ? `\n  validation {\n    condition     = length(var.${subject}_name) > 3 && can(regex("^[a-z-]+$", var.${subject}_name))\n    error_message = "Use lower-case letters and dashes."\n  }\n` : ''}}
`;
}

function output(random: Random): string {
  const subject = name(random);
  return `output "${subject}_arn" {
  description = "ARN of the ${subject.replace('_', ' ')}"
  value       = ${pick(random, [`aws_sqs_queue.${subject}.arn`, `try(aws_instance.${subject}[0].arn, "")`, `module.${subject}.arns[*].value`])}
}
`;
}

function locals(random: Random): string {
  return `locals {
${times(
  random,
  2,
  6,
  (index) =>
    `  ${name(random)}_${index} = ${pick(random, [
      `"\${var.project}-\${terraform.workspace}-${pick(random, words)}"`,
      'merge(var.tags, { Environment = terraform.workspace, Owner = "platform" })',
      '{ for subnet in data.aws_subnets.private.ids : subnet => cidrsubnet(var.cidr, 4, index(data.aws_subnets.private.ids, subnet)) }',
      '[for zone in slice(data.aws_availability_zones.available.names, 0, 3) : upper(zone) if zone != "us-east-1e"]',
      `var.enabled ? "${pick(random, regions)}" : lookup(var.regions, terraform.workspace, "${pick(random, regions)}")`,
      '3 * var.replicas + 1',
    ])}\n`,
)}}
`;
}

function resource(random: Random): string {
  const subject = name(random);
  return `resource "aws_instance" "${subject}" {
  count = var.enabled ? ${Math.floor(random() * 5)} : 0

  ami                         = data.aws_ami.${pick(random, words)}.id
  instance_type               = "${pick(random, ['t3.micro', 'm6i.large', 'c7g.xlarge'])}"
  subnet_id                   = element(module.vpc.private_subnets, count.index)
  vpc_security_group_ids      = [aws_security_group.${subject}.id, aws_security_group.${pick(random, words)}.id]
  associate_public_ip_address = false
  iam_instance_profile        = aws_iam_instance_profile.${subject}.name # created in iam.tf

  root_block_device {
    volume_type = "gp3"
    volume_size = ${20 + Math.floor(random() * 200)}
    encrypted   = true
    kms_key_id  = aws_kms_key.${subject}.arn
  }

  tags = merge(local.tags, {
    Name        = "\${local.prefix}-${subject}-\${count.index}"
    Environment = "${pick(random, stages)}"
    CostCentre  = "${1000 + Math.floor(random() * 9000)}"
  })

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [ami, tags["LastPatched"]]
  }
}
`;
}

function securityGroup(random: Random): string {
  const subject = name(random);
  return `resource "aws_security_group" "${subject}" {
  name        = "${subject}-\${terraform.workspace}"
  description = "Traffic to and from ${subject}"
  vpc_id      = module.vpc.vpc_id

${times(random, 1, 5, () => {
  const port = 1024 + Math.floor(random() * 60_000);
  return `  ingress {
    description = "${pick(random, words)} from ${pick(random, stages)}"
    from_port   = ${port}
    to_port     = ${port}
    protocol    = "tcp"
    cidr_blocks = ["10.${Math.floor(random() * 255)}.0.0/16"]
  }

`;
})}  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"] // everything
  }
}
`;
}

function policyDocument(random: Random): string {
  return `data "aws_iam_policy_document" "${name(random)}" {
${times(
  random,
  1,
  4,
  (index) => `  statement {
    sid    = "Allow${index}"
    effect = "Allow"

    actions = [
${times(random, 1, 6, () => {
  const service = pick(random, services);
  return `      "${service}:${pick(random, ['Get', 'Put', 'List', 'Delete'])}${pick(random, ['Item', 'Object', 'Parameter', 'Key'])}",\n`;
})}    ]

    resources = [
      "arn:aws:${pick(random, services)}:\${data.aws_region.current.name}:\${data.aws_caller_identity.current.account_id}:${pick(random, words)}/*",
    ]

    condition {
      test     = "StringLike"
      variable = "aws:PrincipalArn"
      values   = ["arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*"]
    }
  }
`,
)}}
`;
}

function jsonPolicy(random: Random): string {
  const subject = name(random);
  return `resource "aws_iam_role" "${subject}" {
  name = "\${var.project}-${subject}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Action = "sts:AssumeRole"
        Effect = "Allow"
        Principal = {
          Service = "${pick(random, ['ec2', 'lambda', 'ecs-tasks'])}.amazonaws.com"
        }
      },
    ]
  })
}

resource "aws_iam_policy" "${subject}" {
  name   = "${subject}"
  policy = <<-POLICY
    {
      "Version": "2012-10-17",
      "Statement": [
        { "Effect": "Allow", "Action": "s3:*", "Resource": "\${aws_s3_bucket.${subject}.arn}/*" }
      ]
    }
  POLICY
}
`;
}

function moduleCall(random: Random): string {
  const subject = name(random);
  return `module "${subject}" {
  source  = "terraform-aws-modules/${pick(random, ['vpc', 'eks', 's3-bucket', 'lambda'])}/aws"
  version = "~> ${1 + Math.floor(random() * 20)}.${Math.floor(random() * 10)}"

  name = "\${local.prefix}-${subject}"
  cidr = var.cidr

  azs             = ["${pick(random, regions)}a", "${pick(random, regions)}b"]
  private_subnets = [for index in range(3) : cidrsubnet(var.cidr, 8, index)]
  public_subnets  = ["10.0.101.0/24", "10.0.102.0/24", "10.0.103.0/24"]

  enable_nat_gateway   = ${random() < 0.5}
  single_nat_gateway   = terraform.workspace != "live"
  enable_dns_hostnames = true

  providers = {
    aws = aws.${pick(random, stages)}
  }

  tags = local.tags
}
`;
}

function userData(random: Random): string {
  return `resource "aws_launch_template" "${name(random)}" {
  name_prefix = "${pick(random, words)}-"

  user_data = base64encode(<<-EOT
    #!/bin/bash
    set -euo pipefail
    # Waits for the volume; the device appears late on nitro instances.
    for attempt in $(seq 1 30); do
      if [ -b /dev/nvme1n1 ]; then break; fi
      sleep $attempt
    done
    export CLUSTER="\${local.prefix}-${pick(random, words)}" REGION=$\${AWS_REGION:-${pick(random, regions)}}
    %{~ if var.enable_agent ~}
    systemctl enable --now ${pick(random, words)}-agent
    %{~ endif ~}
    aws s3 cp "s3://\${aws_s3_bucket.artifacts.id}/install.sh" - | bash -s -- --region $REGION
    echo "100% done"
  EOT
  )
}
`;
}

function settings(random: Random): string {
  return `terraform {
  required_version = ">= 1.${3 + Math.floor(random() * 9)}"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> ${4 + Math.floor(random() * 2)}.0"
    }
  }

  backend "s3" {
    bucket         = "${pick(random, words)}-terraform-state"
    key            = "${pick(random, words)}/${pick(random, words)}.tfstate"
    region         = "${pick(random, regions)}"
    dynamodb_table = "terraform-locks"
    encrypt        = true
  }
}

provider "aws" {
  region = "${pick(random, regions)}"
  alias  = "${pick(random, words)}"

  assume_role {
    role_arn = "arn:aws:iam::\${var.account_ids[terraform.workspace]}:role/deployment"
  }

  default_tags {
    tags = local.tags
  }
}
`;
}

function dataSource(random: Random): string {
  return `/*
 * Kept in step with the account's baseline: see the ${pick(random, words)} stack.
 */
data "terraform_remote_state" "${name(random)}" {
  backend = "s3"
  config = {
    bucket = "${pick(random, words)}-terraform-state"
    key    = "env:/\${terraform.workspace}/${pick(random, words)}.tfstate"
    region = "${pick(random, regions)}"
  }
}
`;
}
