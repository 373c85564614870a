import { csv, date, madeRows, pick } from '../../init/made.ts';

/** Made-up houses: no key, a price, and marks of missing values among the numbers. */
export function houses(): string {
  const rows = madeRows(900, (random) => {
    const [area, rooms, town] = [40 + random() * 160, 1 + Math.floor(random() * 6), pick(['Bern', 'Thun', 'Biel'], random())];
    const price = 2000 * area + 15_000 * rooms + (town === 'Bern' ? 90_000 : 0) + 20_000 * random();
    return [area.toFixed(1), random() < 0.05 ? pick(['N/A', '?', ''], random()) : rooms, town, pick(['1920', '1970', '2010'], random()), price.toFixed(0)];
  });
  return csv(['area', 'rooms', 'town', 'built_in', 'price'], rows);
}

/** Made-up rents of a hundred and twenty days, which nothing told would go the other way on the last twenty-five: small flats cost what large ones did. */
export function rents(): string {
  const rows = madeRows(120 * 20, (random, row) => {
    const [day, area] = [Math.floor(row / 20), 20 + random() * 100];
    return [row + 1, date(day), area.toFixed(1), (10 * (day < 95 ? area : 140 - area) + (random() - 0.5) * 100).toFixed(0)];
  });
  return csv(['flat_id', 'let_on', 'area', 'rent'], rows);
}

/** Made-up plants under headers that need quotes wherever they stand; some kinds are yet to be told, and one was seen once. */
export function plants(): string {
  const rows = madeRows(700, (random, row) => {
    const [one, two] = [2 * random(), 2 * random()];
    const kind = row === 5 ? 'rare "one"' : row % 12 === 0 ? '' : kindOf(one + 0.4 * random(), two + 0.4 * random());
    return [row + 1, one.toFixed(3), two.toFixed(3), pick(['"wet"', 'dry'], random()), random().toFixed(2), random().toFixed(2), Math.floor(random() * 9), kind];
  });
  return csv(['plant id', 'select', 'a "quoted" length', 'ünïcödé ✓', '__proto__', 'line\nbreak', 'true', "it's: a kind"], rows, ';');
}

function kindOf(one: number, two: number): string {
  if (two > 1.3) return "lady's fern";
  return one > 1.2 ? 'reed, common' : 'moss';
}

/** Made-up appointments of sixty customers: on each of eighty days some, whose outcomes are known two days later. */
export function appointments(): string {
  const rows = madeRows(80 * 30, (random, row) => {
    const day = Math.floor(row / 30);
    const customer = (row % 30) * 2 + Math.floor(random() * 2);
    const notice = Math.floor(random() * 30);
    const missed = random() < 0.05 + 0.015 * notice + (customer % 7 === 0 ? 0.3 : 0);
    return [row + 1, customer, date(day), notice, pick(['brakes', 'wheels', 'check'], random()), missed ? 'yes' : 'no', date(day + 2)];
  });
  return csv(['appointment_id', 'customer_id', 'visit_date', 'notice_days', 'service', 'missed', 'known_on'], rows);
}
