/** A JSON reply. Its headers stay a plain object, which the server sends without a detour. */
export function json(value: unknown, headers: Record<string, string> = {}, status = 200): Response {
  return jsonText(JSON.stringify(value), headers, status);
}

/** A reply that is JSON already. */
export function jsonText(
  text: string,
  headers: Record<string, string> = {},
  status = 200,
): Response {
  return new Response(text, {
    status,
    headers: {
      "content-type": "application/json",
      "x-content-type-options": "nosniff",
      ...headers,
    },
  });
}
