/** A figure for a person: whole numbers with thousands apart, others with four digits behind the point; a dash for none. */
export function figureText(value: number | null): string {
  if (value === null) return '–';
  return Number.isInteger(value) && Math.abs(value) >= 10 ? wholeText(value) : value.toFixed(4);
}

/** A change, with its sign; of what is whole without digits behind the point. */
export function changeText(value: number | null): string {
  if (value === null) return '–';
  const text = figureText(Math.abs(value));
  return /^[0.,]*$/.test(text) ? text : `${value < 0 ? '−' : '+'}${text}`;
}

/** A whole number with thousands apart, the same in every locale. */
export function wholeText(value: number): string {
  return String(Math.trunc(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

export function percentText(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

/** A duration as a person says it. */
export function durationText(seconds: number | null): string {
  if (seconds === null) return '–';
  if (seconds < 100) return `${seconds.toFixed(1)} s`;
  return seconds < 6000 ? `${(seconds / 60).toFixed(1)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
