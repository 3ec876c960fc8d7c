/** What tests of other packages need: a service's objects of each kind, and an artifact. */
export { OBJECTS } from './objects.ts';
export { LEAKS, tarball } from './product.ts';
