import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newSource } from '../../cli/hooks/new-source.ts';
import { senders } from '../../functions/hooks/senders.ts';
import { nodeProcess, root, type Ended } from './cli-process.ts';
import { copyProject } from './project-copy.ts';

// What is written is checked as `npm run check` does, and its tests are run, each in a process of its own.
jest.setTimeout(180_000);

const registry = 'functions/hooks/sources.ts';

describe('npm run hooks -- new', () => {
  let copy: string;
  let before: string;
  beforeAll(async () => {
    copy = await copyProject();
    before = readFileSync(join(copy, registry), 'utf8');
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  // What Node compiles of the copy goes with it.
  const create = (...args: string[]) =>
    nodeProcess(['cli/hooks.ts', 'new', ...args], {
      cwd: copy,
      env: { NODE_COMPILE_CACHE: join(copy, '.local', 'compiled') },
    });
  const run = (...args: string[]) =>
    nodeProcess(args, { cwd: copy, env: { NODE_OPTIONS: '--experimental-vm-modules' } });
  /** A process has found nothing to complain of: else what it printed is shown. */
  function expectPassed({ status, stdout, stderr }: Ended): void {
    expect({ status, printed: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, printed: '' });
  }

  describe('refuses, and writes nothing', () => {
    it.each([
      [['Order-Paid'], 'Order-Paid is not kebab-case'],
      [['order_paid'], 'order_paid is not kebab-case'],
      [['-order'], "'-o'"],
      [['order-'], 'order- is not kebab-case'],
      [['2-orders'], '2-orders is not kebab-case'],
      [['../order'], '../order is not kebab-case'],
      [['o'.repeat(51)], 'is not kebab-case'],
      [['github-issues'], 'There is a source github-issues'],
      [['githubissues2', 'more'], 'new needs one name'],
      [[], 'new needs one name'],
    ])('the name in %j', async (names, reason) => {
      const { status, stderr } = await create(...names, '--sender', 'stripe');
      expect(status).toBe(1);
      expect(stderr.split('\n')[0]).toContain(reason);
      expect(readFileSync(join(copy, registry), 'utf8')).toBe(before);
    });

    it.each([[['--sender', 'strip']], [['--sender', 'constructor']], [[]]])(
      'the sender in %j, and says which there are',
      async (args) => {
        const { status, stderr } = await create('order-paid', ...args);
        expect(status).toBe(1);
        expect(stderr).toContain(`there are ${Object.keys(senders).join(', ')}\n`);
        expect(existsSync(join(copy, 'functions/hooks/sources/order-paid.ts'))).toBe(false);
      },
    );

    it('a name that is another’s in code', async () => {
      expect(await create('one-2', '--sender', 'stripe')).toMatchObject({ status: 0 });
      const { stderr } = await create('one2', '--sender', 'stripe');
      expect(stderr).toContain('There is a source one-2: choose another name');
    });

    it('a name with a file that nobody registered', async () => {
      writeFileSync(join(copy, 'docs/samples/two.headers'), 'a: b\n');
      const { status, stderr } = await create('two', '--sender', 'stripe');
      expect(status).toBe(1);
      expect(stderr).toContain('There is a file docs/samples/two.headers');
      expect(existsSync(join(copy, 'docs/samples/two.json'))).toBe(false);
    });
  });

  it('says what it wrote, and what is next', async () => {
    const { status, stdout, stderr } = await create('class', '--sender', 'twilio');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const written = stdout.match(/^ {2}\S+\/\S+$/gm)!.map((line) => line.trim());
    expect(written).toEqual([
      'functions/hooks/sources/class.ts',
      'test/hooks/sources/class.test.ts',
      'docs/samples/class.form',
      'docs/samples/class.headers',
      registry,
    ]);
    for (const path of written) expect(existsSync(join(copy, path))).toBe(true);
    for (const next of ['npm start', 'secrets -- set class', 'hooks -- send class', 'hooks -- list']) {
      expect(stdout).toContain(next);
    }
  });

  it('writes for every sender what passes every check, and its own tests', async () => {
    for (const sender of Object.keys(senders)) {
      await newSource(copy, { name: `a-${sender}`, sender, existing: [] });
    }
    const text = readFileSync(join(copy, registry), 'utf8');
    const names = [...text.matchAll(/^import \w+ from '\.\/sources\/(.*)\.ts';$/gm)].map(([, name]) => name!);
    expect(names).toEqual(expect.arrayContaining(Object.keys(senders).map((sender) => `a-${sender}`)));
    expect(names).toEqual(names.toSorted());
    const modules = join(copy, 'node_modules');
    const changed = ['functions/hooks', 'test/hooks/sources', 'docs/samples'];
    // As one file, what they import is loaded once.
    const tests = names.filter((name) => !existsSync(join(root, 'functions/hooks/sources', `${name}.ts`)));
    const together = tests.map((name) => `import './sources/${name}.test.ts';\n`);
    writeFileSync(join(copy, 'test/hooks/new-sources.test.ts'), together.join(''));
    const checks = await Promise.all([
      run(join(modules, 'typescript/bin/tsc')),
      run(join(modules, 'oxlint/bin/oxlint'), '--deny-warnings', 'functions/hooks', 'test/hooks/sources'),
      run(join(modules, 'prettier/bin/prettier.cjs'), '--check', ...changed),
      run(join(modules, 'knip/bin/knip.js'), '--no-config-hints'),
      run(
        join(modules, 'jest/bin/jest.js'),
        'hooks/(new-sources|sources/all-sources)',
        '--selectProjects',
        'parts',
        '--runInBand',
      ),
    ]);
    checks.forEach(expectPassed);
  });
});
