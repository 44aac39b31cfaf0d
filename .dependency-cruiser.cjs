// The floors of the house, written once (CONTRIBUTING.md draws them).
const floors = [
  ['core', 'db'],
  ['docker', 'host'],
  ['deployment', 'chain', 'mlnodes', 'models'],
  ['operations', 'onboarding', 'watch', 'access'],
];
const rooms = (list) => `^lib/(${list.join('|')})/`;
const tests = '\\.i?test\\.tsx?$';

module.exports = {
  forbidden: [
    ...floors.slice(0, -1).map((floor, index) => ({
      name: `floor-${index + 1}-imports-down`,
      comment: `lib/{${floor.join(',')}} may not import a higher floor`,
      severity: 'error',
      from: { path: rooms(floor), pathNot: tests },
      to: { path: rooms(floors.slice(index + 1).flat()) },
    })),
    ...floors.slice(1, 3).flatMap((floor) =>
      floor.map((room) => ({
        name: `${room}-leaves-its-neighbours-alone`,
        severity: 'error',
        from: { path: rooms([room]), pathNot: tests },
        to: { path: rooms(floor.filter((other) => other !== room)) },
      })),
    ),
    { name: 'core-stands-alone', severity: 'error', from: { path: '^lib/core/', pathNot: tests }, to: { path: '^lib/(?!core/)' } },
    { name: 'guard-stands-alone', comment: 'browser and server share it', severity: 'error', from: { path: '^guard/', pathNot: tests }, to: { path: '^(lib|app|components)/' } },
    { name: 'lib-knows-no-page', severity: 'error', from: { path: '^lib/', pathNot: tests }, to: { path: '^(app|components)/' } },
    {
      name: 'components-are-client-code',
      comment: 'types may be imported from lib, code may not',
      severity: 'error',
      from: { path: '^components/', pathNot: tests },
      to: { path: '^lib/', dependencyTypesNot: ['type-only'] },
    },
    { name: 'product-knows-no-test', severity: 'error', from: { path: '^(lib|app|components|server)', pathNot: tests }, to: { path: '^e2e/' } },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: ['node_modules', 'generated'] },
    exclude: { path: ['\\.next', 'generated'] },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
