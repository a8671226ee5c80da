/** A secret that nobody guesses, of letters, digits, `-` and `_`; 24 bytes make 32 of them. */
export function newSecret(bytes = 24): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return btoa(String.fromCharCode(...random))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
