export { productOfBytes } from './archive.ts';
export { openProduct } from './open.ts';
export type { Product, ProductOptions } from './product.ts';
