export * from './append/cosigner.ts';
export * from './append/journal.ts';
export * from './append/open.ts';
export * from './append/restart.ts';
export * from './append/settings.ts';
export * from './append/steps.ts';
export * from './append/store.ts';
export * from './append/writer.ts';
export * from './entry/canonical.ts';
export * from './entry/chain.ts';
export * from './entry/entry.ts';
export {
  count as countField,
  digest as digestField,
  type Fields,
  faultsOf,
  oneOf as oneOfField,
  text as textField,
} from './entry/field.ts';
export * from './entry/manifest.ts';
export * from './entry/records.ts';
export * from './fsck/fsck.ts';
export * from './mirror/mirror.ts';
export * from './note/checkpoint.ts';
export * from './note/cosignature.ts';
export * from './note/key.ts';
export * from './note/note.ts';
export * from './note/signer.ts';
export * from './policy/hold.ts';
export * from './policy/parse.ts';
export * from './policy/policy.ts';
export * from './proof/file.ts';
export * from './proof/generate.ts';
export * from './proof/lines.ts';
export * from './proof/verify.ts';
export * from './tile/bundle.ts';
export * from './tile/edge.ts';
export * from './tile/path.ts';
export * from './tile/reader.ts';
export * from './tree/decimal.ts';
export * from './tree/hash.ts';
export * from './tree/range.ts';
export * from './tree/subtree.ts';
export * from './witness/client.ts';
export * from './witness/monitor.ts';
export * from './witness/request.ts';
export * from './witness/witness.ts';
