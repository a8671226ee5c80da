interface Sample {
  at: number;
  value: number;
}

/**
 * By how much counters have grown within the last `seconds`, as far as they were watched. One that
 * has become less begins anew: the server was started again.
 */
export class Growth {
  private readonly samples = new Map<string, Sample[]>();

  private readonly seconds: number;

  constructor(seconds: number) {
    this.seconds = seconds;
  }

  /** What the counter `key` says at `now` (ms). */
  note(key: string, value: number, now: number): void {
    const known = this.samples.get(key) ?? [];
    const last = known[known.length - 1];
    if (last && value < last.value) known.length = 0;
    if (last?.at !== now) known.push({ at: now, value });
    this.drop(known, now);
    this.samples.set(key, known);
  }

  /** Forgets all but these: services behind URLs come and go. */
  keep(keys: Set<string>): void {
    for (const key of [...this.samples.keys()]) if (!keys.has(key)) this.samples.delete(key);
  }

  /** How much more it is than it was; 0 for what is not known for long. */
  grown(key: string): number {
    const [first, last] = this.ends(key);
    return first && last ? last.value - first.value : 0;
  }

  /** The same by the second; undefined until there are two values. */
  rate(key: string): number | undefined {
    const [first, last] = this.ends(key);
    if (!first || !last || last.at === first.at) return undefined;
    return (last.value - first.value) / ((last.at - first.at) / 1000);
  }

  private ends(key: string): [Sample?, Sample?] {
    const known = this.samples.get(key) ?? [];
    return [known[0], known[known.length - 1]];
  }

  /** The newest of those that are too old stays: from it the time begins. */
  private drop(known: Sample[], now: number): void {
    const since = now - this.seconds * 1000;
    let old = 0;
    while (old + 1 < known.length && (known[old + 1]?.at ?? now) <= since) old += 1;
    known.splice(0, old);
  }
}
