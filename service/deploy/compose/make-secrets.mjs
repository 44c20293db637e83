// Makes the secrets that docker-compose.yml mounts, where they are missing. They stay in .bellwether/secrets, which git ignores.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const token = (id) => `bw_${id}_${randomBytes(32).toString('base64url')}`;
const signing = () => `whsec_${randomBytes(32).toString('base64')}`;
/** Hexadecimal: the set-up of the InfluxDB image passes it to a command unquoted. */
const password = () => randomBytes(24).toString('hex');

const SECRETS = {
  'bellwether-admin-token': () => token('admin'),
  'bellwether-pipeline-token': () => token('pipeline'),
  'bellwether-scrape-token': () => token('scrape'),
  'bellwether-grafana-token': () => token('grafana'),
  'bellwether-grafana-read-token': () => token('grafana-read'),
  'grafana-admin-password': password,
  'shop-token': () => token('shop'),
  'shop-rollback-secret': signing,
  'influxdb-admin-password': password,
  'influxdb-read-password': password,
  'influxdb-write-password': password,
};

const folder = process.argv[2] ?? join(import.meta.dirname, '..', '..', '..', '.bellwether', 'secrets');
// The folder keeps others on the host out; inside the containers each file is read by a user without rights.
mkdirSync(folder, { recursive: true, mode: 0o700 });
for (const [name, make] of Object.entries(SECRETS)) {
  const file = join(folder, name);
  if (existsSync(file)) continue;
  writeFileSync(file, make(), { mode: 0o444 });
  console.log(`made ${file}`);
}
