export { productOfBytes } from './archive.ts';
export { listFile, listName, parseList, productOfList, type ReadKept } from './listed.ts';
export { openProduct } from './open.ts';
export type { Product, ProductOptions } from './product.ts';
