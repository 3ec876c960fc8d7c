/**
 * Names of instructions as the text format writes them, by opcode. Source:
 * WebAssembly Core 3.0, appendix "Index of Instructions"; the proposals of
 * threads, legacy exception handling and wide arithmetic.
 */
type Names = readonly (string | undefined)[];

/** Words from opcode `from` on; `-` is no instruction. */
function named(from: number, words: string): [number, string][] {
  return words
    .trim()
    .split(/\s+/)
    .map((word, index): [number, string] => [from + index, word])
    .filter(([, word]) => word !== '-');
}

/** The same words for each prefix, one after another. */
function each(prefixes: string, words: string): string {
  const all = words.trim().split(/\s+/);
  return prefixes
    .split(' ')
    .flatMap((prefix) => all.map((word) => (word === '-' ? word : `${prefix}.${word}`)))
    .join(' ');
}

function table(...parts: readonly [number, string][][]): Names {
  const names: (string | undefined)[] = [];
  for (const [opcode, name] of parts.flat()) names[opcode] = name;
  return names;
}

const COMPARE = 'eqz eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u';
const COMPARE_FLOAT = 'eq ne lt gt le ge';
const INTEGER = `clz ctz popcnt add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u
  rotl rotr`;
const FLOAT = 'abs neg ceil floor trunc nearest sqrt add sub mul div min max copysign';

/** Of one byte. */
export const PLAIN: Names = table(
  named(
    0x00,
    `unreachable nop block loop if else try catch throw rethrow throw_ref end br br_if br_table
    return call call_indirect return_call return_call_indirect call_ref return_call_ref - -
    delegate catch_all drop select select - - try_table local.get local.set local.tee global.get
    global.set table.get table.set`,
  ),
  named(
    0x28,
    `i32.load i64.load f32.load f64.load i32.load8_s i32.load8_u i32.load16_s i32.load16_u
    i64.load8_s i64.load8_u i64.load16_s i64.load16_u i64.load32_s i64.load32_u i32.store
    i64.store f32.store f64.store i32.store8 i32.store16 i64.store8 i64.store16 i64.store32
    memory.size memory.grow i32.const i64.const f32.const f64.const`,
  ),
  named(0x45, each('i32 i64', COMPARE)),
  named(0x5b, each('f32 f64', COMPARE_FLOAT)),
  named(0x67, each('i32 i64', INTEGER)),
  named(0x8b, each('f32 f64', FLOAT)),
  named(
    0xa7,
    `i32.wrap_i64 i32.trunc_f32_s i32.trunc_f32_u i32.trunc_f64_s i32.trunc_f64_u
    i64.extend_i32_s i64.extend_i32_u i64.trunc_f32_s i64.trunc_f32_u i64.trunc_f64_s
    i64.trunc_f64_u f32.convert_i32_s f32.convert_i32_u f32.convert_i64_s f32.convert_i64_u
    f32.demote_f64 f64.convert_i32_s f64.convert_i32_u f64.convert_i64_s f64.convert_i64_u
    f64.promote_f32 i32.reinterpret_f32 i64.reinterpret_f64 f32.reinterpret_i32
    f64.reinterpret_i64 i32.extend8_s i32.extend16_s i64.extend8_s i64.extend16_s
    i64.extend32_s`,
  ),
  named(0xd0, 'ref.null ref.is_null ref.func ref.eq ref.as_non_null br_on_null br_on_non_null'),
);

/** Behind 0xfb: structures, arrays, casts. */
export const COLLECTED: Names = table(
  named(
    0,
    `struct.new struct.new_default struct.get struct.get_s struct.get_u struct.set array.new
    array.new_default array.new_fixed array.new_data array.new_elem array.get array.get_s
    array.get_u array.set array.len array.fill array.copy array.init_data array.init_elem
    ref.test ref.test_null ref.cast ref.cast_null br_on_cast br_on_cast_fail any.convert_extern
    extern.convert_any ref.i31 i31.get_s i31.get_u`,
  ),
);

/** Behind 0xfc: saturating truncation, bulk memory and tables, wide arithmetic. */
export const BULK: Names = table(
  named(0, each('i32 i64', 'trunc_sat_f32_s trunc_sat_f32_u trunc_sat_f64_s trunc_sat_f64_u')),
  named(
    8,
    `memory.init data.drop memory.copy memory.fill table.init elem.drop table.copy table.grow
    table.size table.fill memory.discard i64.add128 i64.sub128 i64.mul_wide_s i64.mul_wide_u`,
  ),
);

const COMPARE_LANES = 'eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u';

/** Behind 0xfd: vectors. */
export const VECTOR: Names = table(
  named(
    0,
    `v128.load v128.load8x8_s v128.load8x8_u v128.load16x4_s v128.load16x4_u v128.load32x2_s
    v128.load32x2_u v128.load8_splat v128.load16_splat v128.load32_splat v128.load64_splat
    v128.store v128.const i8x16.shuffle i8x16.swizzle i8x16.splat i16x8.splat i32x4.splat
    i64x2.splat f32x4.splat f64x2.splat i8x16.extract_lane_s i8x16.extract_lane_u
    i8x16.replace_lane i16x8.extract_lane_s i16x8.extract_lane_u i16x8.replace_lane
    i32x4.extract_lane i32x4.replace_lane i64x2.extract_lane i64x2.replace_lane
    f32x4.extract_lane f32x4.replace_lane f64x2.extract_lane f64x2.replace_lane`,
  ),
  named(35, each('i8x16 i16x8 i32x4', COMPARE_LANES)),
  named(65, each('f32x4 f64x2', COMPARE_FLOAT)),
  named(
    77,
    `v128.not v128.and v128.andnot v128.or v128.xor v128.bitselect v128.any_true v128.load8_lane
    v128.load16_lane v128.load32_lane v128.load64_lane v128.store8_lane v128.store16_lane
    v128.store32_lane v128.store64_lane v128.load32_zero v128.load64_zero
    f32x4.demote_f64x2_zero f64x2.promote_low_f32x4`,
  ),
  named(
    96,
    `${each('i8x16', 'abs neg popcnt all_true bitmask narrow_i16x8_s narrow_i16x8_u')}
    f32x4.ceil f32x4.floor f32x4.trunc f32x4.nearest
    ${each('i8x16', 'shl shr_s shr_u add add_sat_s add_sat_u sub sub_sat_s sub_sat_u')}
    f64x2.ceil f64x2.floor ${each('i8x16', 'min_s min_u max_s max_u')} f64x2.trunc i8x16.avgr_u
    ${each('i16x8', 'extadd_pairwise_i8x16_s extadd_pairwise_i8x16_u')}
    ${each('i32x4', 'extadd_pairwise_i16x8_s extadd_pairwise_i16x8_u')}`,
  ),
  named(
    128,
    `${each(
      'i16x8',
      `abs neg q15mulr_sat_s all_true bitmask narrow_i32x4_s narrow_i32x4_u extend_low_i8x16_s
      extend_high_i8x16_s extend_low_i8x16_u extend_high_i8x16_u shl shr_s shr_u add add_sat_s
      add_sat_u sub sub_sat_s sub_sat_u`,
    )} f64x2.nearest
    ${each(
      'i16x8',
      `mul min_s min_u max_s max_u - avgr_u extmul_low_i8x16_s extmul_high_i8x16_s
      extmul_low_i8x16_u extmul_high_i8x16_u`,
    )}`,
  ),
  named(
    160,
    each(
      'i32x4',
      `abs neg - all_true bitmask - - extend_low_i16x8_s extend_high_i16x8_s extend_low_i16x8_u
      extend_high_i16x8_u shl shr_s shr_u add - - sub - - - mul min_s min_u max_s max_u
      dot_i16x8_s - extmul_low_i16x8_s extmul_high_i16x8_s extmul_low_i16x8_u
      extmul_high_i16x8_u`,
    ),
  ),
  named(
    192,
    each(
      'i64x2',
      `abs neg - all_true bitmask - - extend_low_i32x4_s extend_high_i32x4_s extend_low_i32x4_u
      extend_high_i32x4_u shl shr_s shr_u add - - sub - - - mul eq ne lt_s gt_s le_s ge_s
      extmul_low_i32x4_s extmul_high_i32x4_s extmul_low_i32x4_u extmul_high_i32x4_u`,
    ),
  ),
  named(224, each('f32x4 f64x2', 'abs neg - sqrt add sub mul div min max pmin pmax')),
  named(
    248,
    `i32x4.trunc_sat_f32x4_s i32x4.trunc_sat_f32x4_u f32x4.convert_i32x4_s f32x4.convert_i32x4_u
    i32x4.trunc_sat_f64x2_s_zero i32x4.trunc_sat_f64x2_u_zero f64x2.convert_low_i32x4_s
    f64x2.convert_low_i32x4_u i8x16.relaxed_swizzle i32x4.relaxed_trunc_f32x4_s
    i32x4.relaxed_trunc_f32x4_u i32x4.relaxed_trunc_f64x2_s_zero
    i32x4.relaxed_trunc_f64x2_u_zero f32x4.relaxed_madd f32x4.relaxed_nmadd f64x2.relaxed_madd
    f64x2.relaxed_nmadd i8x16.relaxed_laneselect i16x8.relaxed_laneselect
    i32x4.relaxed_laneselect i64x2.relaxed_laneselect f32x4.relaxed_min f32x4.relaxed_max
    f64x2.relaxed_min f64x2.relaxed_max i16x8.relaxed_q15mulr_s
    i16x8.relaxed_dot_i8x16_i7x16_s i32x4.relaxed_dot_i8x16_i7x16_add_s`,
  ),
);

const CHANGES = ['add', 'sub', 'and', 'or', 'xor', 'xchg', 'cmpxchg']
  .map(
    (change) => `i32.atomic.rmw.${change} i64.atomic.rmw.${change} i32.atomic.rmw8.${change}_u
    i32.atomic.rmw16.${change}_u i64.atomic.rmw8.${change}_u i64.atomic.rmw16.${change}_u
    i64.atomic.rmw32.${change}_u`,
  )
  .join(' ');

/** Behind 0xfe: threads. */
export const ATOMIC: Names = table(
  named(0, 'memory.atomic.notify memory.atomic.wait32 memory.atomic.wait64 atomic.fence'),
  named(
    0x10,
    `i32.atomic.load i64.atomic.load i32.atomic.load8_u i32.atomic.load16_u i64.atomic.load8_u
    i64.atomic.load16_u i64.atomic.load32_u i32.atomic.store i64.atomic.store i32.atomic.store8
    i32.atomic.store16 i64.atomic.store8 i64.atomic.store16 i64.atomic.store32 ${CHANGES}`,
  ),
);
