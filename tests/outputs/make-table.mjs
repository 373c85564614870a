// How table.csv was made, the same each time: `node tests/outputs/make-table.mjs` writes it again, and a test holds the two together.
// 600 rows of numbers, categories and missing values with a label for each task that follows from them, with noise.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROWS = 600;
const PLANS = ['basic', 'plus', 'pro'];
const CITIES = ['Bern', 'Graz', 'Linz', 'Oslo', 'Porto', 'Riga', 'Turku', 'Vaasa', 'Wien', 'Zug', 'Åbo', 'Łódź'];

export function makeTable() {
  const draw = mulberry32(20010101);
  const lines = ['row,part,age,spend,visits,days_since,constant,plan,city,left,value,band'];
  for (let row = 1; row <= ROWS; row++) lines.push(makeRow(row, draw).join(','));
  return `${lines.join('\n')}\n`;
}

function makeRow(row, draw) {
  const age = 18 + Math.floor(draw() * 60);
  const spend = (draw() * draw() * 900 + 5).toFixed(2);
  const visits = Math.floor(draw() * draw() * 40);
  const daysSince = Math.floor(draw() * 120);
  const plan = PLANS[Math.floor(draw() * draw() * 3)];
  const city = CITIES[Math.floor(draw() * draw() * CITIES.length)];
  const pull = 0.03 * (daysSince - 60) - 0.06 * visits + (plan === 'pro' ? -1 : 0.3) + (age < 30 ? 0.5 : 0) + (city < 'L' ? 0.4 : -0.2);
  const left = draw() < 1 / (1 + Math.exp(-pull)) ? 1 : 0;
  const value = 40 + 0.4 * Number(spend) + 3 * visits - 0.2 * daysSince + (plan === 'pro' ? 60 : 0) + 40 * (draw() + draw() - 1);
  const band = value < 80 ? 'bronze' : value < 160 ? 'silver' : 'gold';
  const sometimes = (text, share) => (draw() < share ? '' : text);
  const part = row % 5 === 0 ? 'test' : row % 5 === 1 ? 'validation' : 'train';
  const features = [sometimes(age, 0.1), spend, visits, sometimes(daysSince, 0.05), 1, sometimes(plan, 0.05), sometimes(city, 0.08)];
  return [row, part, ...features, left, value.toFixed(3), band];
}

/** Tommy Ettinger's mulberry32: 32 bits of state, whole numbers alone, so the same everywhere. */
function mulberry32(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync(join(import.meta.dirname, 'table.csv'), makeTable());
