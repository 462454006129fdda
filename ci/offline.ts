const signs =
  /could not resolve|failed to connect|temporary failure|connection (refused|reset|timed out)|timed out after|NewConnectionError|Retrying \(Retry|\b(ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET)\b/i;

/** Whether what git, pip, npm or a build printed tells of a network that failed, so that it may work later. */
export function isOffline(output: string): boolean {
  return signs.test(output);
}
