/** How much it weighs that a check does not hold: `error` fails the build, `warn` and `info` only say so, `off` leaves it out. */
export type Level = 'error' | 'warn' | 'info' | 'off';
