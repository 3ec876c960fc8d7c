import { contentText, type SuricataRule } from '@avow/formats/record';
import type { RecordFeature } from './model.ts';
import type { Sight } from './sight.ts';

/** Buffers that hold what people write or who they are (Suricata 8, "Rules"): messages. */
const MESSAGE =
  /^(?:http\.(?:request_body|cookie|header|host|uri|request_header)|http_(?:client_body|cookie|header|uri)|file[._]data|smtp\.|email\.|imap|dns\.query|dns_query|sip\.|ftp\.|file\.data)/;
const MESSAGE_PROTOCOLS = new Set(['smtp', 'imap', 'pop3', 'sip']);
const FILES = new Set(['fileext', 'filename', 'filemagic', 'file.name', 'file.magic', 'filestore']);

const KEEPS: Readonly<Record<string, string>> = {
  filestore: 'filestore: writes the files it sees to disk',
  'tls.store': 'tls.store: writes certificates to disk',
  tls_store: 'tls.store: writes certificates to disk',
  tag: 'tag: logs the packets that follow',
};

/** What a Suricata or Snort rule does with traffic. */
export function suricataFeatures(rule: SuricataRule, sight: Sight): readonly RecordFeature[] {
  const { options, action, protocol } = rule.parts;
  const target = targetOf(rule, protocol, sight);
  const about = {
    target: target.target,
    destination: 'local',
    reach: rule.enabled ? 'all' : 'off',
  } as const;
  const decided = [target.decided];
  const features: RecordFeature[] = [];
  for (const { key, value } of options) {
    const keeps =
      KEEPS[key] ??
      (key === 'dataset' && /(?:^|,)\s*(?:save|state)\b/.test(value ?? '')
        ? `dataset ${value}`
        : undefined);
    if (keeps !== undefined)
      features.push({
        ...about,
        action: 'store-copy',
        visibility: 'silent',
        decided: [keeps, ...decided],
      });
    if (key === 'lua' || key === 'luajit')
      features.push({
        ...about,
        target: 'undisclosed',
        action: 'undisclosed',
        visibility: 'silent',
        decided: [`lua ${value}`],
      });
  }
  features.push(reaction(action, options.some(isQuiet), about, decided));
  return features;
}

function isQuiet({
  key,
  value,
}: {
  readonly key: string;
  readonly value: string | undefined;
}): boolean {
  return key === 'noalert' || (key === 'flowbits' && value?.trim() === 'noalert');
}

function reaction(
  action: string,
  isSilent: boolean,
  about: Pick<RecordFeature, 'target' | 'destination' | 'reach'>,
  decided: readonly string[],
): RecordFeature {
  const says = [`action ${action}`, ...decided];
  switch (action) {
    case 'pass':
      return { ...about, action: 'suppress', visibility: 'silent', decided: says };
    case 'drop':
    case 'sdrop':
    case 'block':
    case 'reject':
    case 'rejectsrc':
    case 'rejectdst':
    case 'rejectboth':
      return {
        ...about,
        action: 'block',
        visibility: action === 'sdrop' ? 'silent' : 'logged',
        decided: says,
      };
    case 'config':
      return { ...about, action: 'switch', visibility: 'silent', decided: says };
    default:
      return isSilent
        ? { ...about, action: 'silent', visibility: 'silent', decided: [...says, 'noalert'] }
        : { ...about, action: 'alert', visibility: 'logged', decided: says };
  }
}

function targetOf(
  rule: SuricataRule,
  protocol: string,
  sight: Sight,
): { readonly target: RecordFeature['target']; readonly decided: string } {
  const texts = rule.parts.options
    .filter(({ key, value }) => key === 'content' && value !== undefined && !value.startsWith('!'))
    .map(({ value }) => ({ text: contentText(value!), written: 'text' as const }));
  const sighting =
    sight.seen(texts) ?? sight.seen(rule.literals().filter(({ written }) => written === 'regex'));
  if (sighting !== undefined) return sighting;
  for (const { key } of rule.parts.options) {
    if (FILES.has(key)) return { target: 'document', decided: `keyword ${key}` };
    if (MESSAGE.test(key)) return { target: 'message', decided: `buffer ${key}` };
  }
  if (MESSAGE_PROTOCOLS.has(protocol))
    return { target: 'message', decided: `protocol ${protocol}` };
  return { target: 'traffic', decided: `protocol ${protocol}` };
}
