// The declarations: a typed program for the AWS package compiles with only its import changed.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { root, sdk, UPSTREAM } from '../test-support/packages.mjs';

const ts = createRequire(join(root, 'package.json'))('typescript');
const { ModuleKind, ModuleResolutionKind, ScriptTarget } = ts;
const NAME = '@heliograph/webrtc';

/** The platform's declarations are long: each is parsed once. */
const parsed = new Map();

/** The compiler's complaints about a file of types/, after `change`. */
function complaints(file, change, options) {
  const path = join(sdk, 'test/types', file);
  const settings = {
    noEmit: true,
    strict: true,
    target: ScriptTarget.ES2020,
    types: ['node'],
    skipLibCheck: true,
    ...options,
  };
  const host = ts.createCompilerHost(settings);
  const { readFile, getSourceFile } = host;
  host.readFile = (name) => (name === path ? change(readFile(name)) : readFile(name));
  host.getSourceFile = (name, ...rest) => {
    if (name === path) return getSourceFile(name, ...rest);
    const key = `${name} ${JSON.stringify(rest[0])}`;
    if (!parsed.has(key)) parsed.set(key, getSourceFile(name, ...rest));
    return parsed.get(key);
  };
  const program = ts.createProgram([path], settings, host);
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const { line } = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start) ?? { line: -1 };
    return `${diagnostic.file?.fileName}:${line + 1}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ')}`;
  });
}

const keep = (text) => text;
const changeImport = (text) => text.replaceAll(UPSTREAM, NAME);
const commonjs = { module: ModuleKind.CommonJS, moduleResolution: ModuleResolutionKind.Node10 };

describe('declarations', () => {
  it('the program is one for the AWS package', () => {
    assert.deepEqual(complaints('program.ts', keep, commonjs), []);
  });

  for (const [name, options] of [
    ['bundlers', { module: ModuleKind.ESNext, moduleResolution: ModuleResolutionKind.Bundler }],
    ['Node', { module: ModuleKind.Node16, moduleResolution: ModuleResolutionKind.Node16 }],
    ['compilers before 4.7', commonjs],
  ]) {
    it(`it compiles for this package with only the import changed: ${name}`, () => {
      assert.deepEqual(complaints('program.ts', changeImport, options), []);
    });
  }

  it('what this package adds is typed, wrong use is refused, and the declarations need no others', () => {
    assert.deepEqual(complaints('more.ts', keep, { ...commonjs, types: [], skipLibCheck: false }), []);
  });

  it('a mistake in the program would be seen', () => {
    const broken = (text) => changeImport(text).replace("clientId: 'viewer-1'", 'clientId: 7');

    assert.match(complaints('program.ts', broken, commonjs).join('\n'), /number.*string/);
  });
});
