/** Who may import whom: docs/architecture.md says why. */
const capability = (name, may) => ({
  name: `${name}-imports-downwards`,
  severity: 'error',
  from: { path: `^functions/${name}/` },
  to: {
    path: '^(functions|infra|local|test|bench)/',
    pathNot: [`^functions/${name}/`, '^functions/lambda/(config|problem)\\.ts$', ...may],
  },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, pathNot: '^(bench|test)/' }, to: {} },
    capability('conversations', []),
    capability('access', ['^functions/conversations/']),
    capability('queue', ['^functions/conversations/']),
    capability('bulk', ['^functions/(queue|conversations)/']),
    capability('drafts', ['^functions/(bulk|hooks|queue|conversations)/']),
    capability('hooks', ['^functions/(queue|conversations)/', '^functions/lambda/json-body\\.ts$']),
    {
      name: 'lambda-knows-no-capability',
      severity: 'error',
      from: { path: '^functions/lambda/' },
      to: { path: '^(functions|infra|local)/', pathNot: '^functions/lambda/' },
    },
    {
      name: 'nothing-imports-handlers',
      severity: 'error',
      from: { path: '^(functions|infra|local)/' },
      to: { path: '^functions/handlers/' },
    },
    {
      name: 'functions-stand-alone',
      severity: 'error',
      from: { path: '^functions/' },
      to: { path: '^(infra|local|test|bench)/' },
    },
    {
      name: 'local-reads-the-template',
      severity: 'error',
      from: { path: '^local/' },
      to: { path: '^infra/' },
    },
    {
      name: 'functions-use-no-dev-dependencies',
      severity: 'error',
      from: { path: '^functions/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.mjs', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node'],
    },
  },
};
