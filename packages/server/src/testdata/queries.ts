/** Queries that a route does not go without: a request that is wrong tells nothing of who may make it. */
export const QUERIES: Readonly<Record<string, string>> = {
  'place.bytes': '?path=a.js',
  'module.about': '?path=a.node',
  'module.functions': '?path=a.node',
  'module.strings': '?path=a.node',
  'module.imports': '?path=a.node',
  'module.exports': '?path=a.node',
  'module.calls': '?path=a.node',
  'module.code': '?path=a.node&place=@va:0x1',
  'case.keep': '?name=a',
};
