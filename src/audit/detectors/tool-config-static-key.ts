/** Keys in the configuration of other tools: Packer, Ansible, Helm values, s3cmd, boto, rclone, application settings. */
import { findToolPlaces } from '../aws-files/tool-settings.ts';
import { reportStaticSlot } from '../credential-slot.ts';
import { type Detector, defineDetector } from '../detector.ts';
import { pipelineKindOf } from '../pipelines/pipeline-kind.ts';
import { reportYamlCredentials } from '../pipelines/yaml-report.ts';

export const toolConfigStaticKey: Detector = defineDetector({
  id: 'tool-config-static-key',
  title: 'The configuration of a tool holds an access key',
  severity: 'high',
  class: 'static',
  why: 'A key in a settings file follows the file: into clones, images and backups, long after the tool is gone.',
  fix: 'Remove the lines: the tool reads the session of the person, the job or the machine from its environment.',
  flagged: [
    {
      path: '.s3cfg',
      text: '[default]\naccess_key = AKIAIOSFODNN7EXAMPLE\nsecret_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n',
    },
    {
      path: 'rclone.conf',
      text: '[backup]\ntype = s3\nprovider = AWS\naccess_key_id = AKIAIOSFODNN7EXAMPLE\nsecret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n',
    },
    {
      path: 'packer/image.pkr.hcl',
      text: 'source "amazon-ebs" "agent" {\n  access_key = var.aws_access_key\n  secret_key = var.aws_secret_key\n}\n',
    },
    {
      path: 'packer/image.json',
      text: '{"builders": [{"type": "amazon-ebs", "access_key": "{{user `aws_access_key`}}", "secret_key": "{{user `aws_secret_key`}}"}]}',
    },
    {
      path: 'group_vars/all.yml',
      text: 'aws_access_key: "{{ vault_aws_access_key }}"\naws_secret_key: "{{ vault_aws_secret_key }}"\n',
    },
    {
      path: 'config/settings.yml',
      text: 'storage:\n  aws_access_key_id: AKIAIOSFODNN7EXAMPLE\n  aws_secret_access_key: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n',
    },
  ],
  clean: [
    { path: 'rclone.conf', text: '[backup]\ntype = s3\nprovider = AWS\nenv_auth = true\n' },
    { path: 'rclone.conf', text: '[r2]\ntype = s3\nprovider = Cloudflare\naccess_key_id = AKIAIOSFODNN7EXAMPLE\n' },
    {
      path: 'packer/image.pkr.hcl',
      text: 'source "amazon-ebs" "agent" {\n  region = "eu-west-1"\n  assume_role { role_arn = "arn:aws:iam::111122223333:role/p" }\n}\n',
    },
    { path: 'values.yaml', text: 'aws:\n  region: eu-west-1\n  accessKeyId: ""\nsecretKey: x\n' },
  ],
  detect(file, report, repository) {
    const subject = file.path.split('/').at(-1) ?? file.path;
    const usedBy = 'application';
    const kind = 'tool-config-static-key';
    if (pipelineKindOf(file, repository) === 'configuration') {
      reportYamlCredentials(file, report, { kind, label: subject, usedBy });
      return;
    }
    for (const { parts, place } of findToolPlaces(file)) {
      reportStaticSlot(report, {
        parts,
        slot: `${file.path}#${place}`,
        subject: place,
        kind,
        usedBy,
        lead: `${place} in ${subject} holds a static key`,
      });
    }
  },
});
