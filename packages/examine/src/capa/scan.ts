import type { NativeCode, NativeImage } from '@avow/formats/native';
import { CodeDecoder } from './code/decoder.ts';
import type { CodeFunction } from './code/function.ts';
import { ImageMemory } from './code/memory.ts';
import { type Walked, walkFunctions } from './code/program.ts';
import { callsByRegister } from './code/registers.ts';
import { Apis } from './extract/apis.ts';
import { FlowFeatures } from './extract/blocks.ts';
import { callSites } from './extract/calls.ts';
import { fileFeatures, globalFeatures } from './extract/file.ts';
import { InstructionFeatures, type Standing } from './extract/instructions.ts';
import { OperandFeatures } from './extract/operands.ts';
import { Referred } from './extract/referred.ts';
import type { CompiledRules } from './match/compile.ts';
import { Matcher, type RuleMatch } from './match/matcher.ts';
import { add, addAll, type Found, WHOLE } from './match/test.ts';

/** Calls in a row that a span holds: capa's own number. */
const SPAN_CALLS = 20;

/** A match, with the start of the function around it; undefined for the file. */
export interface PlacedMatch extends RuleMatch {
  readonly inside: number | undefined;
}

/** Tries all rules on an image: instruction by instruction, then block, function and file. */
export function scanImage(
  image: NativeImage,
  code: NativeCode,
  rules: CompiledRules,
  tell: (match: PlacedMatch) => void,
): Walked | undefined {
  const scanner = new Scanner(image, code, rules, tell);
  const isDecoded = image.architecture === 'x86' || image.architecture === 'x86-64';
  const walked = isDecoded ? scanner.scanCode() : undefined;
  scanner.scanFile();
  return walked;
}

class Scanner {
  readonly #image: NativeImage;
  readonly #code: NativeCode;
  readonly #rules: CompiledRules;
  readonly #matcher: Matcher;
  /** Matches in code, which rules about files build on. */
  readonly #inCode: Found = new Map();
  #inside: number | undefined;

  constructor(
    image: NativeImage,
    code: NativeCode,
    rules: CompiledRules,
    tell: (match: PlacedMatch) => void,
  ) {
    this.#image = image;
    this.#code = code;
    this.#rules = rules;
    rules.asked.texts.begin();
    rules.asked.fileTexts.begin();
    const globals = globalFeatures(image, rules.asked);
    this.#matcher = new Matcher(rules, globals, (match) =>
      tell({ ...match, inside: this.#inside }),
    );
  }

  scanCode(): Walked {
    const decoder = new CodeDecoder(this.#image);
    try {
      const memory = new ImageMemory(this.#image);
      const functions = new FunctionScanner({
        image: this.#image,
        rules: this.#rules,
        matcher: this.#matcher,
        callers: callersOf(this.#code),
        decoder,
        memory,
      });
      return walkFunctions(this.#image, this.#code, decoder, memory, (found) => {
        this.#inside = found.start;
        const matched = functions.scan(found);
        if (matched !== undefined) addAll(this.#inCode, matched);
      });
    } finally {
      decoder.free();
    }
  }

  scanFile(): void {
    this.#inside = undefined;
    const found = fileFeatures(this.#image, this.#rules.asked);
    addAll(found, this.#inCode);
    this.#matcher.match('file', found, WHOLE);
  }
}

/** Direct calls by their target. */
function callersOf({ calls }: NativeCode): ReadonlyMap<number, readonly number[]> {
  const callers = new Map<number, number[]>();
  for (let index = 0; index < calls.count; index += 1) {
    const to = calls.to[index]!;
    const known = callers.get(to);
    if (known === undefined) callers.set(to, [calls.from[index]!]);
    else known.push(calls.from[index]!);
  }
  return callers;
}

interface FunctionScan {
  readonly image: NativeImage;
  readonly rules: CompiledRules;
  readonly matcher: Matcher;
  readonly callers: ReadonlyMap<number, readonly number[]>;
  readonly decoder: CodeDecoder;
  readonly memory: ImageMemory;
}

/** Tries the rules of the scopes within a function, and of the function itself. */
class FunctionScanner {
  readonly #scan: FunctionScan;
  readonly #apis: Apis;
  readonly #operands: OperandFeatures;
  readonly #instructions: InstructionFeatures;
  readonly #flow: FlowFeatures;
  readonly #hasCallRules: boolean;

  constructor(scan: FunctionScan) {
    const { image, rules, decoder, memory } = scan;
    const { asked, scopes } = rules;
    this.#scan = scan;
    this.#apis = new Apis(image, decoder, asked);
    const referred = new Referred(memory, asked);
    this.#operands = new OperandFeatures(asked, memory, referred, image.bits);
    this.#instructions = new InstructionFeatures(image, asked, this.#apis, this.#operands);
    this.#flow = new FlowFeatures(asked);
    this.#hasCallRules = isAnyRule(scopes.call) || isAnyRule(scopes['span of calls']);
  }

  /** The matches of the function and within it, as features; undefined for a stub, which only leads elsewhere. */
  scan(inside: CodeFunction): Found | undefined {
    if (this.#isStub(inside)) return undefined;
    const { matcher, callers } = this.#scan;
    matcher.begin();
    const byRegister = callsByRegister(inside, (rva) => this.#apis.slotAt(rva));
    const whole: Found = new Map();
    const calls: Found[] = [];
    for (const block of inside.blocks) {
      const found = this.#scanBlock({ function: inside, block, byRegister }, calls);
      addAll(whole, found);
    }
    this.#scanSpans(calls, inside, whole);
    this.#flow.visitFunction(inside, callers.get(inside.start) ?? [], whole);
    this.#match('function', whole, inside.start);
    return this.#matchesIn(whole);
  }

  #isStub({ blocks, leadsTo }: CodeFunction): boolean {
    if (leadsTo !== undefined) return true;
    const [block] = blocks;
    const last = block?.instructions.at(-1);
    if (blocks.length !== 1 || last?.mnemonic !== 'jmp' || block!.instructions.length > 2) {
      return false;
    }
    return this.#apis.importOf(last) >= 0;
  }

  #scanBlock(standing: Standing, calls: Found[]): Found {
    const { block } = standing;
    const whole: Found = new Map();
    for (const instruction of block.instructions) {
      const found: Found = new Map();
      this.#instructions.visit(instruction, standing, found);
      if (found.size === 0) continue;
      this.#match('instruction', found, instruction.rva);
      addAll(whole, found);
    }
    if (this.#hasCallRules) this.#scanCalls(standing, calls, whole);
    this.#flow.visitBlock(block, whole);
    this.#match('basic block', whole, block.start);
    return whole;
  }

  /** Calls with their arguments; what matches there is found in the block too. */
  #scanCalls(standing: Standing, calls: Found[], whole: Found): void {
    const { image } = this.#scan;
    const sites = callSites(standing.block, image.bits, image.format === 'pe');
    for (const { call, setters } of sites) {
      const found: Found = new Map();
      for (const id of this.#instructions.apiIds(call, standing)) add(found, id, call.rva);
      for (const { by, operand } of setters) {
        const tell = (id: number): void => add(found, id, call.rva);
        this.#operands.visitArgument(by, operand, tell);
      }
      if (found.size === 0) continue;
      addMatches(whole, found, () => this.#match('call', found, call.rva));
      calls.push(found);
    }
  }

  /** Each twenty calls that follow one another. */
  #scanSpans(calls: readonly Found[], inside: CodeFunction, whole: Found): void {
    if (calls.length === 0 || !isAnyRule(this.#scan.rules.scopes['span of calls'])) return;
    const last = Math.max(0, calls.length - SPAN_CALLS);
    for (let first = 0; first <= last; first += 1) {
      const found: Found = new Map();
      for (const call of calls.slice(first, first + SPAN_CALLS)) addAll(found, call);
      addMatches(whole, found, () => this.#match('span of calls', found, inside.start));
    }
  }

  #match(scope: Parameters<Matcher['match']>[0], found: Found, place: number): void {
    this.#scan.matcher.match(scope, found, place);
  }

  #matchesIn(whole: Found): Found {
    const matches: Found = new Map();
    for (const [id, places] of whole) {
      const feature = this.#scan.rules.asked.featureOf(id);
      if (feature === undefined || feature.kind === 'match') matches.set(id, places);
    }
    return matches;
  }
}

/** Adds what matching finds to a wider scope, and not what it was found by. */
function addMatches(whole: Found, found: Found, match: () => void): void {
  const before = new Set(found.keys());
  match();
  addAll(whole, new Map([...found].filter(([id]) => !before.has(id))));
}

function isAnyRule({ triggered, always }: CompiledRules['scopes']['call']): boolean {
  return triggered.size > 0 || always.length > 0;
}
