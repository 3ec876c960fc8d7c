export { productOfBytes } from './archive.ts';
export { LIST_SUFFIX, parseList, productOfList, type ReadKept } from './listed.ts';
export { openProduct } from './open.ts';
export type { Product, ProductOptions } from './product.ts';
