import { messageOf } from '../../errors.js';

/** What an assertion says against something; null: nothing. */
export function complaint(assertion: () => void): string | null {
  try {
    assertion();
    return null;
  } catch (error) {
    return messageOf(error);
  }
}
