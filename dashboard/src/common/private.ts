/** What begins so in localStorage is the signed-in user's own, and goes when they do. */
export const privatePrefix = "muster.private.";

/** Forgets what pages have kept for the one who was signed in. */
export function forgetPrivate(): void {
  try {
    for (const key of Object.keys(localStorage))
      if (key.startsWith(privatePrefix)) localStorage.removeItem(key);
  } catch {
    // There is no storage: then there is nothing in it.
  }
}
