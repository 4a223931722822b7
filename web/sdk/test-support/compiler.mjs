// The TypeScript compiler, over programs of test/types.
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { root, sdk } from './packages.mjs';

const ts = createRequire(join(root, 'package.json'))('typescript');
const { ModuleKind, ModuleResolutionKind, ScriptTarget } = ts;

/** How programs find their packages: with a bundler, in Node, and before there was `exports`. */
export const BUNDLER = { module: ModuleKind.ESNext, moduleResolution: ModuleResolutionKind.Bundler };
export const NODE16 = { module: ModuleKind.Node16, moduleResolution: ModuleResolutionKind.Node16 };
export const NODE10 = { module: ModuleKind.CommonJS, moduleResolution: ModuleResolutionKind.Node10 };

/** The platform's declarations are long: each is parsed once. */
const parsed = new Map();

/** The compiler's complaints about a file of types/, after `change`. */
export function complaints(file, change, options) {
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
