import { places } from '@avow/server/contract';
import { EXIT, type ExitStatus } from '../../exit.ts';
import { outputTo } from '../../output.ts';
import { jsonText, shown } from '../../render/shown.ts';
import { styled } from '../../render/terminal.ts';
import { sized } from '../../render/wrap.ts';
import { clientOf } from './client.ts';

/** Shows the place that a locator names in a release that a service has. */
export async function locateThere(
  locator: string,
  { server, context }: { readonly server: string; readonly context: number },
): Promise<ExitStatus> {
  const found = await clientOf(server).call(places.locate, { query: { locator, context } });
  const output = outputTo(undefined);
  const width = Math.max(...found.lines.map(({ at }) => at.length), 1);
  const lines = found.lines.map(({ at, text, isPlace }) => {
    const gutter = `${isPlace ? '>' : ' '} ${at.padStart(width)}`;
    return `${isPlace ? styled(output.terminal, 'yellow', gutter) : gutter} | ${shown(text)}`;
  });
  const head = [
    styled(output.terminal, 'bold', shown(found.locator)),
    styled(output.terminal, 'dim', `${sized(found.size)}, ${found.digest}`),
    '',
  ];
  await output.write(`${[...head, ...lines].join('\n')}\n`);
  return EXIT.ok;
}

/** From a symptom to places, over everything that a service has. */
export async function findThere(
  symptom: string,
  {
    server,
    format,
    output: file,
  }: {
    readonly server: string;
    readonly format: 'text' | 'json';
    readonly output?: string;
  },
): Promise<ExitStatus> {
  const found = await clientOf(server).call(places.find, { query: { symptom, limit: 50 } });
  const output = outputTo(file);
  const lines = [
    ...found.features.map(
      ({ fit, feature }) => `${fit}: ${feature.feature}  ${feature.locator}  ${feature.evidence}`,
    ),
    ...found.records.map(
      ({ target, member, line, id }) => `record: ${id}  ${target}#${member} @line:${line}`,
    ),
    ...(found.isWhole ? [] : ['There are more; say more of what was seen.']),
  ];
  const none = `Nothing that ${server} has read names it.`;
  const text = lines.length === 0 ? none : lines.map(shown).join('\n');
  const document = { schema: 'avow.found/1', symptom, ...found };
  await output.write(format === 'json' ? jsonText(document, 1) : `${text}\n`);
  return lines.length === 0 ? EXIT.ok : EXIT.findings;
}
