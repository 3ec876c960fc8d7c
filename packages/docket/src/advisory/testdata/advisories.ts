import { digestOf } from '@avow/bytes';
import { OUTCOMES } from '@avow/log';
import type { Advisory, Publisher } from '../advisory.ts';

export const PUBLISHER: Publisher = {
  name: 'Example Docket',
  namespace: 'https://docket.example',
  base: 'https://docket.example/csaf',
  prefix: 'avow',
};

/** HTML, bidirectional and control characters in every field that others wrote. */
const HOSTILE = '<img src=x onerror=alert(1)> "quoted" \u202egnp.exe\u0007 & done';

/** One of each outcome; places in script, native code, a record and a whole file; revised and not. */
export const ADVISORIES: readonly Advisory[] = OUTCOMES.flatMap((outcome, index): Advisory[] => {
  const places = [
    'pkg:npm/agent@4.1.0#lib/send.js @line:12:3',
    'pkg:deb/example/eav@21.3.10?arch=amd64#usr/lib/eav/libscan.so @rva:0x1a2f0,16',
    'pkg:generic/emergingthreats.net/open@10645#emerging.rules @rec:1:2019401:3',
  ];
  return places.map((locator, place) => {
    const number = `${index * places.length + place + 1}`.padStart(4, '0');
    const target = locator.slice(0, locator.indexOf('#'));
    const revisions = [
      { number: 1, at: '2026-12-01T10:00:00.000Z', summary: 'First published.' },
      { number: 2, at: '2026-12-08T10:00:00.000Z', summary: HOSTILE },
    ].slice(0, 1 + (place % 2));
    return {
      id: `avow-2026-${number}`,
      title: `agent: ${HOSTILE}`,
      outcome,
      summary: HOSTILE,
      target,
      product: `agent ${HOSTILE}`,
      version: /@([^?#]+)/.exec(target)![1]!,
      productDigest: digestOf('product'),
      module: { path: 'lib/send.js', digest: digestOf('module') },
      locator,
      said: 'cred.ssh-pgp -> net.http',
      leaves: [HOSTILE],
      gates: ['remote:flags.example.org'],
      parties: [
        { name: HOSTILE, role: 'vendor', status: 'disputed', at: '2026-11-30T10:00:00.000Z' },
      ],
      revisions,
      isFinal: place === 2,
      affected: place === 0 ? { also: ['4.0.0', '4.0.1'], fixedIn: '4.1.1' } : { also: [] },
      ...(place === 1 ? { views: { byteOffset: 0x192f0, relativeAddress: 0x1a2f0 } } : {}),
      engine: '0.1.0',
      receipt: digestOf('receipt'),
    };
  });
});
