import { type NativeImage, vaOf } from '@avow/formats/native';

/** The virtual address of an RVA, as results write it. */
export function hexAddress(image: Pick<NativeImage, 'base'>, rva: number): string {
  return `0x${vaOf(image, rva).toString(16)}`;
}
