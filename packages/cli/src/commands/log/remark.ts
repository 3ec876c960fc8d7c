/** What is worth saying of an entry; an alarm needs a person. */
export interface Remark {
  readonly isAlarm: boolean;
  readonly text: string;
}

export function alarm(text: string): Remark {
  return { isAlarm: true, text };
}

export function note(text: string): Remark {
  return { isAlarm: false, text };
}
