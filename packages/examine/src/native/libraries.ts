import { type NativeImage, rvaOf } from '@avow/formats/native';

/** A library that is linked in, known by a text that every build of it holds. */
export interface LinkedLibrary {
  /** `libcurl 8.5.0`. */
  readonly name: string;
  /** What rules call its function that does what the library is for. */
  readonly symbol: string;
  /** Other symbols by which its use is told where its names are left. */
  readonly others: readonly string[];
  /** RVA of the text. */
  readonly rva: number;
}

interface Mark {
  readonly library: string;
  /** How its text begins: ASCII. */
  readonly text: string;
  /** What follows: the version. */
  readonly version: RegExp;
  readonly symbol: string;
  readonly others: readonly string[];
}

/** Source: lib/version.c of curl, include/openssl/opensslv.h, sqlite3.c (`SQLITE_SOURCE_ID` is a date). */
const MARKS: readonly Mark[] = [
  {
    library: 'libcurl',
    text: 'libcurl/',
    version: /^(\d{1,3}\.\d{1,3}\.\d{1,3})/,
    symbol: 'lib:curl_easy_perform',
    others: ['lib:curl_multi_perform'],
  },
  {
    library: 'OpenSSL',
    text: 'OpenSSL ',
    version: /^(\d{1,2}\.\d{1,2}\.\d{1,2}[a-z]{0,2}) +\d{1,2} [A-Z][a-z]{2} \d{4}/,
    symbol: 'lib:SSL_connect',
    others: ['lib:SSL_write', 'lib:SSL_read'],
  },
  {
    library: 'SQLite',
    text: 'SQLite format 3',
    version: /^()\0/,
    symbol: 'lib:sqlite3_open_v2',
    others: ['lib:sqlite3_open'],
  },
];

/** Characters looked at after a mark. */
const MAX_VERSION = 40;

/** Libraries that are linked into an image, each at the first of its texts. */
export function linkedLibraries(image: NativeImage): LinkedLibrary[] {
  return MARKS.flatMap(({ library, text, version, symbol, others }) => {
    const found = firstOf(image, text, version);
    if (found === undefined) return [];
    const name = found.version === '' ? library : `${library} ${found.version}`;
    return [{ name, symbol, others, rva: found.rva }];
  });
}

function firstOf(
  image: NativeImage,
  text: string,
  version: RegExp,
): { readonly rva: number; readonly version: string } | undefined {
  const { bytes } = image;
  const first = text.charCodeAt(0);
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    let length = 1;
    while (length < text.length && bytes[at + length] === text.charCodeAt(length)) length += 1;
    if (length < text.length) continue;
    const rest = bytes.subarray(at + length, at + length + MAX_VERSION);
    const found = version.exec(String.fromCharCode(...rest));
    const rva = found === null ? undefined : rvaOf(image, at);
    if (rva !== undefined) return { rva, version: found![1]! };
  }
  return undefined;
}
