// A minute of the soak: enough to see that everything in it works; ./dev soak is for what shows only after a long time.
import { test } from 'node:test';

import { soak } from '../soak/soak.mjs';

test('a crowd, writers, killed relays, hangups, a kill and a drain lose nothing and leave nothing', async (t) => {
  const figures = await soak({ seconds: 20, connections: 100 });

  t.diagnostic(JSON.stringify(figures));
});
