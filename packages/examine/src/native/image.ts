import {
  type ArgumentValue,
  elfSystemOf,
  functionAt,
  type NativeCode,
  type NativeImage,
  SiteKind,
  sweepCode,
  visitArguments,
} from '@avow/formats/native';
import { matchesOf } from '../match/match.ts';
import { oneLine, shortened } from '../observe/evidence.ts';
import { moduleSymbol, type Rules } from '../rules/compile.ts';
import { addonExports, isAddon } from './addon/exports.ts';
import { hexAddress } from './address.ts';
import { conventionOf, NativeArguments } from './arguments.ts';
import { FunctionNames } from './function-names.ts';
import { CallGraph, loadedFunctions } from './graph.ts';
import { linkedLibraries } from './libraries.ts';
import { sentMessages } from './messages.ts';
import { nearFlows } from './near.ts';
import type {
  NativeExport,
  NativeFeature,
  NativePlace,
  NativeReading,
  NativeUnknown,
} from './reading.ts';
import { packedSections } from './sections.ts';
import { systemCallName } from './systems.ts';
import { importTargets, ownTargets, type Target, targetOf } from './targets.ts';

/** Characters of evidence, as in scripts. */
const MAX_EVIDENCE = 120;

/** Features of one image: a module with more tells nobody more, and says that it was cut. */
const MAX_FEATURES = 20_000;

/** Properties that one module gives to scripts; more are generated. */
const MAX_EXPORTS = 5_000;

/** A feature with the index of the function around it, -1 between functions. */
export interface PlacedNative {
  readonly rva: number;
  readonly inside: number;
  readonly feature: NativeFeature;
}

/** All that one image says of itself. */
export function observeImage(
  image: NativeImage,
  slice: string | undefined,
  rules: Rules,
): NativeReading {
  const observer = new ImageObserver(image, slice, rules);
  return observer.reading();
}

class ImageObserver {
  readonly #image: NativeImage;
  readonly #slice: string | undefined;
  readonly #rules: Rules;
  /** By index as sites have it: imports, then functions of the image. */
  readonly #targets: (Target | undefined)[];
  readonly #code: NativeCode;
  readonly #graph: CallGraph;
  readonly #loaded: ReadonlySet<number>;
  readonly #names: FunctionNames;
  readonly #found: PlacedNative[] = [];
  readonly #unknowns: NativeUnknown[] = [];

  constructor(image: NativeImage, slice: string | undefined, rules: Rules) {
    this.#image = image;
    this.#slice = slice;
    this.#rules = rules;
    const own = ownTargets(image, rules);
    this.#targets = [...importTargets(image, rules), ...own.map(({ target }) => target)];
    this.#code = sweepCode(
      image,
      own.map(({ named }) => named),
    );
    this.#graph = new CallGraph(image, this.#code);
    this.#loaded = loadedFunctions(image, this.#graph);
    this.#names = new FunctionNames(image, this.#code);
  }

  reading(): NativeReading {
    this.#observeSites();
    this.#observeTables();
    this.#observeLibraries();
    this.#observeUnread();
    this.#found.sort((a, b) => a.rva - b.rva);
    if (this.#found.length > MAX_FEATURES) {
      const left = this.#found.length - MAX_FEATURES;
      this.#found.length = MAX_FEATURES;
      this.#unknown('native.too-many', `${left} more features are not listed`);
    }
    return {
      features: this.#found.map(({ feature }) => feature),
      unknowns: this.#unknowns,
      exports: this.#exports(),
      flows: nearFlows(this.#found, this.#graph),
      summary: {
        functions: this.#code.functions.count,
        sites: this.#code.sites.count,
        codeBytes: this.#code.sweptBytes,
      },
    };
  }

  /** What scripts can call, with the features that it may reach. */
  #exports(): NativeExport[] {
    if (!isAddon(this.#image)) return [];
    const exports = addonExports(this.#image, this.#code, this.#graph, this.#loaded);
    return exports.slice(0, MAX_EXPORTS).map(({ name, rva, reached }) => ({
      name,
      place: this.#place(rva),
      reaches: this.#found.flatMap(({ inside }, index) => (reached.has(inside) ? [index] : [])),
    }));
  }

  #observeSites(): void {
    const { sites } = this.#code;
    const isCalled = this.#calledTargets();
    const isElf = this.#image.format === 'elf';
    const system = isElf ? elfSystemOf(this.#image) : '';
    const isLinux = LINUX.has(system);
    const sent = sentMessages(
      this.#image,
      this.#code,
      (target) => this.#targets[target]?.isMessage === true,
    );
    const isSent = new Set(sent.values());
    const isWanted = (site: number): boolean => {
      const target = sites.target[site]!;
      if (target < 0) return isLinux;
      if (sent.has(site)) return true;
      if (this.#targets[target] === undefined) return false;
      const kind = sites.kind[site]!;
      const isIndirect = kind === SiteKind.stub || kind === SiteKind.load;
      return !(isIndirect && (isCalled[target] === 1 || isSent.has(site)));
    };
    let unnumbered = 0;
    visitArguments(this.#image, this.#code, isWanted, ({ site, values }) => {
      const target = sites.target[site]!;
      const from = sent.get(site);
      if (from !== undefined) {
        const message = this.#targets[sites.target[from]!]!;
        this.#match(message, sites.rva[from]!, SiteKind.call, values);
        return;
      }
      if (target >= 0) {
        this.#match(this.#targets[target]!, sites.rva[site]!, sites.kind[site]!, values);
        return;
      }
      const [number, ...rest] = values;
      if (number === undefined || number.kind !== 'constant') {
        unnumbered += 1;
        return;
      }
      const name = systemCallName(this.#image.architecture, number.value);
      const node = name && moduleSymbol(this.#rules, `sys:linux.${name}`);
      if (name && node)
        this.#match(
          { name, node, convention: conventionOf(name) },
          sites.rva[site]!,
          SiteKind.system,
          rest,
        );
    });
    if (isElf && !isLinux) this.#foreignSystemCalls(system);
    if (unnumbered > 0) {
      this.#unknown('native.system-call', `${unnumbered} system calls whose numbers are not known`);
    }
  }

  /** Numbers stand for other calls on each system; only those of Linux are known here. */
  #foreignSystemCalls(system: string): void {
    const { sites } = this.#code;
    const count = sites.target.subarray(0, sites.count).filter((target) => target < 0).length;
    if (count === 0) return;
    this.#unknown('native.system-call', `${count} system calls of ${system}, which are not read`);
  }

  /** Which targets some code calls or jumps to outright: their stubs and loads tell nothing more. */
  #calledTargets(): Uint8Array {
    const { sites } = this.#code;
    const isCalled = new Uint8Array(this.#targets.length);
    for (let site = 0; site < sites.count; site += 1) {
      const kind = sites.kind[site]!;
      const target = sites.target[site]!;
      if (target >= 0 && (kind === SiteKind.call || kind === SiteKind.jump)) isCalled[target] = 1;
    }
    return isCalled;
  }

  /** Imports that no code was seen to reach: their pointers stand in tables of data. */
  #observeTables(): void {
    if (this.#code.sweptBytes === 0) return;
    const { imports } = this.#image;
    const isUsed = new Set<string>();
    for (let site = 0; site < this.#code.sites.count; site += 1) {
      const target = this.#code.sites.target[site]!;
      if (target >= 0 && target < imports.length) isUsed.add(imports[target]!.name);
    }
    imports.forEach(({ name, slot }, index) => {
      const target = this.#targets[index];
      if (target === undefined || slot === undefined || isUsed.has(name)) return;
      this.#match(target, slot, TABLE, []);
    });
  }

  /** Libraries that are linked in without their names: that they are there is all that is known. */
  #observeLibraries(): void {
    const known = new Set(this.#targets.map((target) => target?.node.text));
    for (const { name, symbol, others, rva } of linkedLibraries(this.#image)) {
      const target = targetOf(this.#rules, name, [symbol]);
      const isNamed = [symbol, ...others].some((one) => known.has(one));
      if (target !== undefined && !isNamed) this.#match(target, rva, LIBRARY, []);
    }
  }

  #match(
    { name, node, convention, isMessage, rva: start }: Target,
    rva: number,
    kind: number,
    values: readonly ArgumentValue[],
  ): void {
    const source = new NativeArguments(
      this.#image,
      isMessage === true ? argumentsSent(kind, values) : values,
      convention,
    );
    const matches = matchesOf(this.#rules, node.call, source);
    if (matches.length === 0) return;
    const inside = functionAt(this.#code.functions, rva);
    // Go's functions jump back to their own start once the stack has grown.
    if (inside >= 0 && this.#code.functions.start[inside] === start) return;
    if (convention === 'rust' && inside >= 0 && this.#isRustsOwn(inside)) return;
    const verb = isMessage === true ? 'sends the message' : VERBS[kind];
    const evidence = shortened(oneLine(`${verb} ${name}${source.shown()}`), MAX_EVIDENCE);
    for (const { feature, rule, recipient } of matches) {
      this.#found.push({
        rva,
        inside,
        feature: {
          feature,
          place: this.#place(rva),
          evidence,
          ...(recipient === undefined ? {} : { recipient }),
          when: this.#loaded.has(inside) ? 'load' : 'call',
          rule,
          within: inside < 0 ? [] : [this.#names.nameOf(inside)],
        },
      });
    }
  }

  /** Rust's library calls itself: what a program asks of it is told where the program does. */
  #isRustsOwn(inside: number): boolean {
    return this.#names.nameOf(inside).startsWith('std::');
  }

  #observeUnread(): void {
    const { image, code } = { image: this.#image, code: this.#code };
    for (const { what, code: reason, message } of image.unread) {
      this.#unknown(reason, `${what}: ${message}`);
    }
    if (code.sweptBytes === 0 && image.ranges.some((range) => range.executable)) {
      this.#unknown('native.machine', `code for ${image.machine} is not read`);
    }
    this.#unknowns.push(...packedSections(image, this.#slice));
  }

  #unknown(code: string, message: string): void {
    const place: NativePlace = {
      kind: 'all',
      ...(this.#slice === undefined ? {} : { slice: this.#slice }),
    };
    this.#unknowns.push({ feature: 'opaque.unanalysed', place, why: { code, message } });
  }

  #place(rva: number): NativePlace {
    const address = hexAddress(this.#image, rva);
    return { kind: 'va', address, ...(this.#slice === undefined ? {} : { slice: this.#slice }) };
  }
}

/** Systems that have Linux's calls. */
const LINUX = new Set(['linux', 'android', 'ohos']);

const TABLE = 5;
const LIBRARY = 6;

/** What code does at a site, by its kind. */
const VERBS: Readonly<Record<number, string>> = {
  [SiteKind.call]: 'call',
  [SiteKind.jump]: 'jump to',
  [SiteKind.load]: 'takes the address of',
  [SiteKind.system]: 'system call',
  [SiteKind.stub]: 'jump to',
  [TABLE]: 'a table of pointers holds',
  [LIBRARY]: 'holds the library',
};

/** Of a message the receiver and the selector come first; where only that is loaded, nothing is known yet. */
function argumentsSent(kind: number, values: readonly ArgumentValue[]): readonly ArgumentValue[] {
  return kind === SiteKind.call || kind === SiteKind.jump ? values.slice(2) : [];
}
