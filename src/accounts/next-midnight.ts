const formats = new Map<string, Intl.DateTimeFormat>();
const dayMs = 86_400_000;

/** Epoch ms of the first midnight after `now` in an IANA zone, over changes of summer time too. */
export function nextMidnight(now: number, zone: string): number {
  // Around a change of summer time the day has 23 or 25 hours: the second look corrects the first.
  const guess = now + dayMs - sinceMidnight(now, zone);
  const late = sinceMidnight(guess, zone);
  if (late === 0) return guess;
  return late < dayMs / 2 ? guess - late : guess + dayMs - late;
}

function sinceMidnight(at: number, zone: string): number {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    });
    formats.set(zone, format);
  }
  const [hours = 0, minutes = 0, seconds = 0] = format.format(at).split(':').map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + (((at % 1000) + 1000) % 1000);
}
