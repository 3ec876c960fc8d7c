/**
 * What happens to an entry, in this order, and what is durable after each step.
 * A crash between any two leads back to the same tree: nothing is signed
 * before all that the signature implies is durable, and no witness sees what
 * was not kept as signed.
 */
export const WRITE_STEPS = [
  { step: 'sequence', leaves: 'the entry has its number, in memory' },
  { step: 'journal', leaves: 'the entry is acknowledged' },
  { step: 'tiles', leaves: 'every tile and bundle of the new tree is readable' },
  { step: 'sign', leaves: 'the checkpoint is signed, in memory' },
  { step: 'keep-signed', leaves: 'the signed checkpoint is the state to restart from' },
  { step: 'cosign', leaves: 'witnesses keep this tree: a smaller one is now a fork' },
  { step: 'publish', leaves: 'readers see the checkpoint' },
  { step: 'forget', leaves: 'journal and partial tiles that it replaces are gone' },
] as const;

export type WriteStep = (typeof WRITE_STEPS)[number]['step'];
