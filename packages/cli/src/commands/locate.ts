import { Refused } from '@avow/bytes';
import { type Locator, printLocator, printPlace } from '@avow/locator';
import { hexAround } from '@avow/views';
import { type SignerOptions, signersOf } from '../clamav.ts';
import { EXIT, type ExitStatus } from '../exit.ts';
import { type Resolved, resolveLocator } from '../locate/resolve.ts';
import { outputTo } from '../output.ts';
import { memberPathOf } from '../render/place.ts';
import { bytesLines } from '../render/places/bytes.ts';
import { sourceLines } from '../render/places/source.ts';
import { recordView } from '../render/record-view.ts';
import { shown } from '../render/shown.ts';
import { styled, type Terminal } from '../render/terminal.ts';
import { sized } from '../render/wrap.ts';

interface LocateOptions extends SignerOptions {
  readonly context: number;
}

export async function locateCommand(
  text: string,
  product: string | undefined,
  options: LocateOptions,
  signal: AbortSignal,
): Promise<ExitStatus> {
  const resolved = await resolveLocator(text, product, signal);
  for (const note of resolved.notes) process.stderr.write(`avow: ${shown(note)}\n`);
  const output = outputTo(undefined);
  const asRecord = await recordView(resolved, output.terminal, await signersOf(options));
  const lines = [
    ...headOf(resolved, output.terminal),
    ...(asRecord ??
      (await machineView(resolved, options, output.terminal, signal)) ??
      viewOf(resolved, options, output.terminal)),
  ];
  await output.write(`${lines.join('\n')}\n`);
  return EXIT.ok;
}

function headOf({ locator, member }: Resolved, terminal: Terminal): string[] {
  return [
    styled(terminal, 'bold', shown(printLocator(locator))),
    styled(terminal, 'dim', `${sized(member.bytes.length)}, ${member.digest}`),
    '',
  ];
}

/** Refuses `locate.outside` for a place that the file does not have, `locate.place-kind` for one that is not shown yet. */
function viewOf(
  { locator, member }: Resolved,
  { context }: LocateOptions,
  terminal: Terminal,
): string[] {
  const { bytes } = member;
  const { place } = locator;
  switch (place.kind) {
    case 'line': {
      const lines = sourceLines(
        bytes,
        { start: place.start, end: place.end ?? place.start, context },
        terminal,
      );
      return lines ?? outside(locator);
    }
    case 'all':
      return (
        sourceLines(bytes, { start: { line: 1 }, end: { line: 1 }, context: 20 }, terminal) ??
        outside(locator)
      );
    case 'off':
      return place.address < BigInt(bytes.length)
        ? bytesLines(hexAround(bytes, Number(place.address), place.length ?? 1, context))
        : outside(locator);
    default:
      throw new Refused(
        'locate.place-kind',
        undefined,
        `places like ${printPlace(place)} cannot be shown in this file; lines and file offsets can`,
      );
  }
}

/** Of machine code and WebAssembly; their readers are loaded only for them. */
async function machineView(
  { locator, member: { bytes }, product }: Resolved,
  { context }: LocateOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<string[] | undefined> {
  if (locator.place.kind === 'wasm') {
    const { wasmLines } = await import('../render/places/wasm.ts');
    return wasmLines(locator.place, bytes, context);
  }
  if (locator.place.kind === 'il') {
    const { cilLines } = await import('../render/places/cil.ts');
    return cilLines(locator.place, bytes, context);
  }
  if (locator.place.kind === 'line') return undefined;
  const { nativeKindOf } = await import('@avow/formats/native');
  if (nativeKindOf(bytes) === undefined) return undefined;
  const { nativeLines } = await import('../render/places/native.ts');
  const path = memberPathOf(locator);
  return await nativeLines(locator, bytes, context, terminal, async (range) => {
    if (path === undefined || !path.includes('.node')) return [];
    const { functionFeatures } = await import('../render/places/reach.ts');
    return await functionFeatures(product, path, range, terminal, signal);
  });
}

function outside({ place }: Locator): never {
  throw new Refused('locate.outside', undefined, `the file ends before ${printPlace(place)}`);
}
