const iced = await import('iced-x86');
const d = new iced.Decoder(
  64,
  Uint8Array.of(0x48, 0x8d, 0x3d, 1, 0, 0, 0, 0xe8, 0, 0, 0, 0),
  iced.DecoderOptions.None,
);
d.ip = 0x400000n;
const i = new iced.Instruction();
const f = new iced.Formatter(iced.FormatterSyntax.Intel);
while (d.canDecode) {
  d.decodeOut(i);
  console.log(i.ip.toString(16), i.length, f.format(i), i.isIpRelMemoryOperand, i.nearBranchTarget);
}
const f2 = (await import('@alexaltea/capstone-js')).default as any;
const m = await f2();
console.log(
  Object.keys(m)
    .filter((k) => /^ARCH|^MODE|Capstone|^cs_/i.test(k))
    .slice(0, 60),
);
const cs = new m.Capstone(m.ARCH_ARM64 ?? m.CS_ARCH_ARM64, m.MODE_ARM ?? m.CS_MODE_ARM);
console.log(cs.disasm([0x1f, 0x20, 0x03, 0xd5, 0x00, 0x00, 0x00, 0x94], 0x1000));
