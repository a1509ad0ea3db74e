/** encryption: backends name the encryption that the state bucket demands. */
import { staticString } from '../../formats/hcl/index.ts';
import { defineRule, type MigrationRule } from '../rule.ts';
import { argumentOf } from '../terraform/argument-group.ts';
import { Changes } from '../terraform/changes.ts';
import { remarkReconfigure } from '../terraform/reconfigure.ts';
import { type StatePlace, stateBackendOf, stateWriters } from '../terraform/state-places.ts';
import { flag, text } from '../terraform/value.ts';

export const backendEncryption: MigrationRule = defineRule({
  id: 'encryption',
  title: 'Backends name the encryption their bucket demands',
  step: 'guard',
  why: 'A bucket policy that refuses writes without its encryption refuses the lock file too, and Terraform sends the headers only with encrypt and kms_key_id. So they stand in every backend before the policy does.',
  does: 'Writes `encrypt = true` into backends whose bucket has require_encryption or a kms_key_id in keyless.yaml, and the kms_key_id where there is one. Readers write nothing and get nothing.',
  refuses: 'Backends that name another key or a customer-provided one, and Terragrunt.',
  source: 'https://developer.hashicorp.com/terraform/language/backend/s3#s3-state-storage',
  plan(repository, { intent }) {
    const changes = new Changes('encryption');
    const edited: StatePlace[] = [];
    for (const place of stateWriters(repository)) {
      const { group } = place;
      const { file } = group;
      const wanted = stateBackendOf(intent, place);
      if (wanted?.requireEncryption !== true) continue;
      const keyId = wanted.kmsKeyId;
      const holder = (name: string) => place.together.find((part) => argumentOf(part, name) !== undefined);
      const spot = { file, start: argumentOf(group, 'bucket')?.node.start ?? group.start };

      const kms = argumentOf(group, 'kms_key_id');
      const customer = argumentOf(group, 'sse_customer_key');
      if (customer !== undefined) {
        changes.refuse(
          { file, start: customer.node.start },
          'State is encrypted with a key that the caller provides, which excludes the encryption that keyless.yaml demands.',
          'Decide on one of them; state has to be written again after a change.',
        );
        continue;
      }
      const named = kms && staticString(kms.value);
      if (
        kms !== undefined &&
        keyId !== undefined &&
        named !== keyId &&
        !(named !== undefined && keyId.endsWith(`/${named.replace(/^alias\//, '')}`))
      ) {
        changes.refuse(
          { file, start: kms.node.start },
          'kms_key_id is not the key that keyless.yaml names for this bucket.',
          'Correct the one that is wrong.',
        );
        continue;
      }
      const encrypt = argumentOf(group, 'encrypt');
      const encrypts = encrypt?.value.kind === 'literal' && encrypt.value.value === true;
      // In a configuration of several parts they stand where the bucket does, unless another part has them.
      const isHome = argumentOf(group, 'bucket') !== undefined;
      const needsEncrypt = encrypt === undefined ? isHome && holder('encrypt') === undefined : !encrypts;
      const needsKey =
        keyId === undefined
          ? false
          : kms === undefined
            ? isHome && holder('kms_key_id') === undefined
            : named !== keyId;
      if (!needsEncrypt && !needsKey) continue;
      if (place.kind === 'terragrunt') {
        changes.refuse(
          spot,
          `Terragrunt's remote_state lacks encrypt${keyId === undefined ? '' : ' or kms_key_id'}.`,
          `Add \`encrypt = true\`${keyId === undefined ? '' : ` and \`kms_key_id = "${keyId}"\``} by hand and regenerate.`,
        );
        continue;
      }
      const made = changes.attempt(spot, (edit) => {
        const editor = edit(file);
        if (needsEncrypt && encrypt === undefined)
          editor.insertArgument(group, 'encrypt', flag(true), { after: 'region' });
        else if (needsEncrypt && encrypt !== undefined) editor.setValue(encrypt, flag(true));
        if (keyId === undefined || !needsKey) return;
        if (kms === undefined) editor.insertArgument(group, 'kms_key_id', text(keyId), { after: 'encrypt' });
        else editor.setValue(kms, text(keyId));
      });
      if (made) edited.push(place);
    }
    const [first] = edited;
    if (first !== undefined && stateBackendOf(intent, first)?.kmsKeyId !== undefined) {
      changes.remark(
        { file: first.group.file, start: first.group.start },
        'State is written with the KMS key from here on: whoever runs Terraform now, the old user included, needs kms:GenerateDataKey and kms:Decrypt on it.',
      );
    }
    remarkReconfigure(changes, intent, edited, { what: 'The encryption of state is written out', asPeople: false });
    return changes.plan();
  },
});
