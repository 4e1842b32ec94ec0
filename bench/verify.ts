/**
 * What does verifying a delivery cost in processor time, by each scheme, against the bare calls of node:crypto over the same bytes?
 * See bench/README.md. Usage: npm run bench:verify [-- --rounds 25] [--json]
 */
import { parseArgs } from 'node:util';
import { VerifiedDelivery } from '../functions/hooks/delivery.ts';
import { verify } from '../functions/hooks/schemes.ts';
import { candidates, type Candidate } from './signed-deliveries.ts';
import { lowerQuartile, round } from './statistics.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '25' }, json: { type: 'boolean' } },
});
/** Microseconds that are measured together: the clock of processor time is a coarse one. */
const perMeasure = 30_000;
const aim = 1.3;

const rows = [];
for (const candidate of candidates()) rows.push(compare(candidate));
if (values.json) console.log(JSON.stringify(rows));
else console.table(rows);
if (rows.some(({ ratio }) => ratio > aim)) process.exitCode = 1;

/** Ours and the bare calls in turn, so that what slows the machine for a while slows both. */
function compare({ name, scheme, keys, delivery, bare, now, fetchText }: Candidate) {
  const context = { now, fetchText };
  const ours = () => verify(scheme, delivery, keys, context);
  const verified = ours();
  if (!(verified instanceof VerifiedDelivery)) throw new Error(`${name} is refused: ${String(verified)}`);
  if (!bare()) throw new Error(`${name} is refused by the bare calls`);
  cpuOf(ours, 2000); // Warms the compiler up.
  const count = Math.ceil(perMeasure / cpuOf(bare, 20_000));
  const times: { ours: number; bare: number }[] = [];
  for (let at = -2; at < Number(values.rounds); at++) {
    const pair = { ours: cpuOf(ours, count), bare: cpuOf(bare, count) };
    if (at >= 0) times.push(pair);
  }
  const cpu = {
    ours: lowerQuartile(times.map(({ ours }) => ours)),
    bare: lowerQuartile(times.map(({ bare }) => bare)),
  };
  return {
    scheme: name,
    'ours, us': round(cpu.ours),
    'bare, us': round(cpu.bare),
    ratio: round(cpu.ours / cpu.bare, 2),
    'a second': Math.round(1e6 / cpu.ours),
  };
}

/** Microseconds of this thread's processor time that one of `count` calls takes. */
function cpuOf(call: () => unknown, count: number): number {
  const began = process.threadCpuUsage();
  for (let index = 0; index < count; index++) call();
  const { user, system } = process.threadCpuUsage(began);
  return Math.max(1, user + system) / count;
}
