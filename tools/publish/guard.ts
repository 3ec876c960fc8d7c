/** Run before npm packs a package of the checkout: its sources alone run nowhere else. */
process.stderr.write(
  `avow: ${process.env['npm_package_name']} is not published from its sources: Node runs no TypeScript below node_modules.\n` +
    '  Next: npm run build, then npm pack or npm publish on a folder of dist/ (docs/release.md).\n',
);
process.exitCode = 1;
