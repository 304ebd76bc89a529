// The ranks of tools/ranks.json as rules over resolved imports: what tools/tidy.ts reads in the text,
// this follows through every way of importing. No folder knows one of its own rank or above.
const ranks = require('./tools/ranks.json')

const SERVER = '^apps/server/src'
const TESTS = '\\.test\\.ts$|/test/|/test-[^/]+\\.ts$'
const features = Object.entries(ranks)

const rankRules = features.map(([feature, rank]) => {
  const allowed = features.filter(([, other]) => other < rank).map(([other]) => other)
  const inside = [feature, ...allowed].join('|')
  return {
    name: `${feature}-imports-only-lower-ranks`,
    comment: 'Imports point up the pipeline: a stage has never heard of the next.',
    severity: 'error',
    from: { path: `${SERVER}/${feature}/` },
    // What only tests import is outside all ranks: `no-tests-in-the-product` keeps it there.
    to: { path: `${SERVER}/`, pathNot: `${SERVER}/(${inside})/|${TESTS}` },
  }
})

module.exports = {
  forbidden: [
    ...rankRules,
    {
      name: 'no-store-of-another-feature',
      comment: 'A table has one owner: the others call a function of the feature that owns it.',
      severity: 'error',
      from: { path: `${SERVER}/([^/]+)` },
      to: { path: `${SERVER}/[^/]+/.*\\.store\\.ts$`, pathNot: `${SERVER}/($1|platform)/` },
    },
    {
      name: 'no-cycles',
      comment:
        'Files that run through each other can only be understood together. Types may point back.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'packages-are-pure',
      comment: 'No I/O: packages/* run in a browser as they do here.',
      severity: 'error',
      from: { path: '^packages/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'packages-know-no-app',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^(apps|bench|faults|tools)/' },
    },
    {
      name: 'sdks-know-no-app',
      comment: 'They run in the programs of others, and know the server by its wire alone.',
      severity: 'error',
      from: { path: '^sdks/', pathNot: TESTS },
      to: { path: '^(apps|bench|faults|tools)/' },
    },
    {
      name: 'core-depends-on-nothing',
      comment: 'What runs in the programs of others brings nobody else along.',
      severity: 'error',
      from: { path: '^sdks/js/core/src/', pathNot: TESTS },
      // Node as types, at run time it asks; pure packages, which go into the bundle.
      to: { pathNot: '^(sdks/js/core/src|packages)/', dependencyTypesNot: ['core'] },
    },
    {
      name: 'no-tests-in-the-product',
      comment: 'What only tests use is not shipped.',
      severity: 'error',
      from: { path: '^(apps|packages|sdks)/', pathNot: TESTS },
      to: { path: TESTS },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere fails where it is hardest to see.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'declared',
      comment: 'npm hoists: a package that nobody asked for works until it does not.',
      severity: 'error',
      from: { path: '^(apps|packages|sdks)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.gen\\.ts$|/dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.cjs', '.js', '.json'],
    },
  },
}
