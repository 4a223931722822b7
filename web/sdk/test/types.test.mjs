// The declarations: a typed program for the AWS package compiles with only its import changed.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { BUNDLER, complaints, NODE10, NODE16 } from '../test-support/compiler.mjs';
import { sdk, UPSTREAM } from '../test-support/packages.mjs';

const NAME = '@heliograph/webrtc';

const keep = (text) => text;
const changeImport = (text) => text.replaceAll(UPSTREAM, NAME);

describe('declarations', () => {
  it('the program is one for the AWS package', () => {
    assert.deepEqual(complaints('program.ts', keep, NODE10), []);
  });

  for (const [name, options] of [
    ['bundlers', BUNDLER],
    ['Node', NODE16],
    ['compilers before 4.7', NODE10],
  ]) {
    it(`it compiles for this package with only the import changed: ${name}`, () => {
      assert.deepEqual(complaints('program.ts', changeImport, options), []);
    });
  }

  it('it compiles as an ES module, too', () => {
    const text = readFileSync(join(sdk, 'test/types/program.ts'), 'utf8');

    assert.deepEqual(
      complaints('program.mts', () => changeImport(text), NODE16),
      [],
    );
  });

  it('what this package adds is typed, wrong use is refused, and the declarations need no others', () => {
    assert.deepEqual(complaints('more.ts', keep, { ...NODE10, types: [], skipLibCheck: false }), []);
  });

  it('a mistake in the program would be seen', () => {
    const broken = (text) => changeImport(text).replace("clientId: 'viewer-1'", 'clientId: 7');

    assert.match(complaints('program.ts', broken, NODE10).join('\n'), /number.*string/);
  });
});
